/* A thread runs tasks on the loop and waits for them: results, errors, a limit, a cancellation.
 * @threads */
#include <math.h>
#include <stdio.h>

#include "spindle.h"

static int doubles(void *arg)
{
  int error = sp_sleep(0.01);
  return error < 0 ? error : 2 * *(int *)arg;
}

static int fails(void *arg) { return sp_fail(SP_EUSER, "no luck with %s", (const char *)arg); }

static int for_ever(void *arg)
{
  int result = sp_sleep(INFINITY);
  sp_future_set_result(arg, result == SP_ECANCELED);
  return result;
}

typedef struct place {
  sp_loop *loop;
  sp_future *stopped;
} place;

static int in_thread(void *arg)
{
  place *at = arg;
  int number = 21;
  sp_remote_task *task = sp_run_coroutine_threadsafe(at->loop, doubles, &number);
  printf("result: %d\n", sp_remote_task_result(task, INFINITY));
  printf("again: %d, done: %d\n", sp_remote_task_result(task, 0), sp_remote_task_done(task));
  printf("cancel: %d\n", sp_remote_task_cancel(task));
  sp_remote_task_free(task);

  task = sp_run_coroutine_threadsafe(at->loop, fails, "loops");
  int result = sp_remote_task_result(task, 10);
  printf("error: %d: %s\n", result, sp_error_message());
  sp_remote_task_free(task);

  task = sp_run_coroutine_threadsafe(at->loop, for_ever, at->stopped);
  printf("limit: %s\n", sp_error_name(sp_remote_task_result(task, 0.05)));
  printf("done: %d\n", sp_remote_task_done(task));
  printf("cancel: %d\n", sp_remote_task_cancel(task));
  printf("again: %d\n", sp_remote_task_cancel(task));
  sp_remote_task_free(task);
  return 0;
}

static int on_loop_thread(sp_loop *loop)
{
  static int number = 4;
  sp_remote_task *task = sp_run_coroutine_threadsafe(loop, doubles, &number);
  printf("early: %s\n", sp_error_name(sp_remote_task_result(task, INFINITY)));
  while (!sp_remote_task_done(task)) sp_sleep(0.01);
  printf("then: %d\n", sp_remote_task_result(task, 0));
  sp_remote_task_free(task);
  return 0;
}

static int run(void *arg)
{
  (void)arg;
  place at = {.loop = sp_loop_running(), .stopped = sp_future_new()};
  int result = sp_to_thread(in_thread, &at);
  printf("task cancelled: %d\n", sp_await(at.stopped));
  sp_future_free(at.stopped);
  return result < 0 ? result : on_loop_thread(at.loop);
}

int main(void) { return sp_run(run, NULL); }
