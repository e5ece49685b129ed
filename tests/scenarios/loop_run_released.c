/* The future that a run waits for may be released by a task of that run. */
#include <stdio.h>

#include "spindle.h"

static int naps(void *arg)
{
  int error = sp_sleep(0.01);
  return error < 0 ? error : *(int *)arg;
}

static int awaits(void *task)
{
  printf("awaited: %d\n", sp_await(task));
  return 0;
}

static int fulfils(void *future)
{
  int error = sp_sleep(0);
  if (error < 0) return error;
  sp_future_set_result(future, 9);
  sp_future_free(future);
  return 0;
}

int main(void)
{
  int seven = 7;
  sp_loop *loop = sp_loop_new(NULL);
  sp_task *task = sp_loop_create_task(loop, naps, &seven);
  sp_task_detach(sp_loop_create_task(loop, awaits, task));
  sp_loop_stop(loop);
  sp_loop_run_forever(loop);
  printf("task: %d\n", sp_loop_run_until_complete(loop, task));

  sp_future *future = sp_loop_create_future(loop);
  sp_task_detach(sp_loop_create_task(loop, fulfils, future));
  printf("future: %d\n", sp_loop_run_until_complete(loop, future));
  return sp_loop_free(loop);
}
