/* Ctrl-C ends a run that has no main task, and cancels the main task of one that has.
 * @targets native */
#include <signal.h>
#include <stdio.h>

#include "spindle.h"

static void interrupts(void *arg)
{
  (void)arg;
  raise(SIGINT);
}

static int sleeps(void *arg)
{
  (void)arg;
  int error = sp_sleep(60);
  printf("the task: %s\n", sp_strerror(error));
  return error;
}

static int run(void *loop)
{
  sp_loop_call_soon(loop, interrupts, NULL);
  return sleeps(NULL);
}

static void show(const char *what, int result)
{
  printf("%s: %s, %s\n", what, sp_error_name(result), sp_error_message());
}

int main(void)
{
  sp_loop *loop = sp_loop_new(NULL);
  sp_loop_call_soon(loop, interrupts, NULL);
  show("for ever", sp_loop_run_forever(loop));
  sp_task *task = sp_loop_create_task(loop, sleeps, NULL);
  sp_loop_call_soon(loop, interrupts, NULL);
  show("until complete", sp_loop_run_until_complete(loop, task));
  sp_loop_call_soon(loop, interrupts, NULL);
  show("again", sp_loop_run_until_complete(loop, task));
  sp_task_detach(task);
  show("sp_loop_run", sp_loop_run(loop, run, loop));
  sp_loop_shutdown(loop);
  return sp_loop_free(loop);
}
