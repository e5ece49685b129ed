/* A task tells where it is, in which call, and since when: before it begins, while it waits, is ready,
 * runs, and when it is done. */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static void tell(const char *when, const sp_task *task)
{
  const char *slash = strrchr(sp_task_where(task), '/');
  const char *where = slash ? slash + 1 : sp_task_where(task);
  printf("%s: %s, in '%s' since %.2f\n", when, where, sp_task_call(task), sp_task_since(task));
}

static int waits(void *future)
{
  tell("running at first", sp_task_current());
  int error = sp_wait_for((sp_future *)future, 60);
  tell("running again", sp_task_current());
  if (error == 0) error = sp_sleep(0);
  return error;
}

static int run(void *arg)
{
  (void)arg;
  sp_future *future = sp_future_new();
  sp_sleep(0.25);
  sp_task *task = sp_create_task(waits, future);
  tell("new", task);
  sp_sleep(0.5);
  tell("waiting", task);
  sp_future_set_result(future, 0);
  sp_sleep(0);
  tell("yielding", task);
  sp_sleep(0);
  sp_sleep(0);
  tell("done", task);
  tell("this one", sp_task_current());
  int result = sp_await(task);
  sp_future_free(future);
  return result;
}

int main(void)
{
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.virtual_clock = true});
  int result = sp_loop_run(loop, run, NULL);
  sp_loop_free(loop);
  return result;
}
