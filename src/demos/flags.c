/* Downloads flags all at once, one task a flag: the time is that of the slowest. */
#include <math.h>

#include "flags_common.h"

typedef struct flag {
  flags_job *job;
  const char *code; /* "BR" */
} flag;

static int download(void *arg)
{
  const flag *self = arg;
  int result = flags_download_one(self->job, self->code);
  if (result == 0) self->job->downloaded++;
  return result;
}

/* Returns how many there are: fewer than flags when out of memory. */
static size_t start_all(flags_job *job, sp_task **tasks)
{
  const struct targets *targets = &job->targets;
  for (size_t i = 0; i < targets->count; i++) {
    tasks[i] = sp_create_task_copy(download, &(flag){.job = job, .code = targets->names[i]});
    if (!tasks[i]) return i;
  }
  return targets->count;
}

/* Cancelled itself, it cancels every download and waits till they have cleaned up. */
static int download_all(void *arg)
{
  flags_job *job = arg;
  sp_task *tasks[FLAGS_MAX];
  size_t count = start_all(job, tasks);
  int done = count > 0 ? sp_wait(tasks, count, INFINITY, SP_ALL_COMPLETED) : 0;
  for (size_t i = 0; done < 0 && i < count; i++) sp_task_cancel(tasks[i], NULL);
  for (size_t i = 0; i < count; i++) (void)sp_await(tasks[i]); /* it has told its result */
  if (done < 0) return done;
  return count < job->targets.count ? sp_fail(SP_ENOMEM, "no memory for all the tasks") : 0;
}

int main(int argc, char **argv) { return flags_main(argc, argv, "flags", download_all); }
