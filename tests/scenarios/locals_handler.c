/* What an exception handler sets outside of tasks and callbacks does not come with a callback. */
#include <math.h>
#include <stdio.h>

#include "spindle.h"

static sp_local word = {.name = "word"};
static sp_future *failed;

static void on_report(sp_loop *loop, const sp_report *report, void *arg)
{
  (void)loop;
  printf("%s\n", report->message);
  sp_local_set(&word, arg);
}

static void look(void *arg)
{
  (void)arg;
  printf("in a callback: %s\n", sp_local_get(&word) ? "set" : "not set");
}

/* It goes on before its watch has run, whose turn then is the last use of the future. */
static int waits(void *arg)
{
  (void)arg;
  sp_future *futures[] = {failed};
  int result = sp_wait(futures, 1, INFINITY, SP_ALL_COMPLETED);
  sp_future_free(failed);
  return result;
}

static int run(void *arg)
{
  sp_loop_set_exception_handler(sp_loop_running(), on_report, arg);
  failed = sp_future_new();
  sp_task *task = sp_create_task(waits, NULL);
  sp_sleep(0);
  sp_task_cancel(task, NULL);
  sp_future_set_error(failed, SP_EUSER, "nobody looks");
  sp_loop_call_soon(sp_loop_running(), look, NULL);
  return sp_await(task) == SP_ECANCELED ? 0 : 1;
}

int main(void) { return sp_run(run, "handler's"); }
