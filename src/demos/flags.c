/* Downloads flags all at once, one task a flag: the time is that of the slowest. */
#include "flags_common.h"

static int download(void *arg)
{
  return flags_download_one(arg) == SP_ECANCELED ? SP_ECANCELED : 0;
}

static void cancel(sp_task **tasks, int from, int to)
{
  for (int i = from; i < to; i++) {
    if (tasks[i]) sp_task_cancel(tasks[i], NULL);
  }
}

/* Cancelled itself, it cancels every download and waits till they have cleaned up. */
static int wait_for(sp_task **tasks, int count)
{
  int result = 0;
  for (int i = 0; i < count; i++) {
    if (tasks[i] && sp_await(tasks[i]) == SP_ECANCELED && result == 0) {
      result = SP_ECANCELED;
      cancel(tasks, i + 1, count);
    }
  }
  return result;
}

static int download_all(void *arg)
{
  flags_job *job = arg;
  sp_task *tasks[FLAGS_MAX];
  for (int i = 0; i < job->count; i++) tasks[i] = sp_create_task(download, &job->flags[i]);
  return wait_for(tasks, job->count);
}

int main(int argc, char **argv) { return flags_main(argc, argv, "flags", download_all); }
