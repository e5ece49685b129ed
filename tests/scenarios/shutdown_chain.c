/* At the end of a run a request to stop goes to each task, and down what it awaits. */
#include <stdio.h>

#include "spindle.h"

static int level(void *arg)
{
  int below = *(int *)arg - 1;
  int error = below < 0 ? sp_sleep(3600) : sp_await(sp_create_task(level, &below));
  printf("%d: %s, asked %d times\n", below + 1, sp_error_name(error),
         sp_task_cancelling(sp_task_current()));
  return error;
}

static int awaits(void *task)
{
  int error = sp_await(task);
  printf("another: %s, asked %d times\n", sp_error_name(error),
         sp_task_cancelling(sp_task_current()));
  return error;
}

static int run(void *arg)
{
  static int depth = 3;
  (void)arg;
  sp_task *outermost = sp_create_task(level, &depth);
  sp_task_detach(sp_create_task(awaits, outermost));
  for (int i = 0; i < 6; i++) sp_sleep(0);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
