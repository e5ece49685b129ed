/* Downloads flags one after the other: the time is the sum of what each takes. */
#include "flags_common.h"

static int download_all(void *arg)
{
  flags_job *job = arg;
  for (size_t i = 0; i < job->targets.count && !job->server_silent; i++) {
    int result = flags_download_one(job, job->targets.names[i]);
    if (result == SP_ECANCELED) return result;
    if (result == 0) job->downloaded++;
  }
  return 0;
}

int main(int argc, char **argv) { return flags_main(argc, argv, "flags_sequential", download_all); }
