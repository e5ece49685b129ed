/* Downloads flags one after the other: the time is the sum of what each takes. */
#include "flags_common.h"

static int download_all(void *arg)
{
  flags_job *job = arg;
  for (int i = 0; i < job->count && !job->server_silent; i++) {
    if (flags_download_one(&job->flags[i]) == SP_ECANCELED) return SP_ECANCELED;
  }
  return 0;
}

int main(int argc, char **argv) { return flags_main(argc, argv, "flags_sequential", download_all); }
