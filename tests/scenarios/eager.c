/* An eager task runs at once, until it first suspends or ends, before the creating call returns. */
#include <stdio.h>

#include "spindle.h"

static const sp_task_options eager = {.eager_start = true};

static sp_task *start(sp_coroutine *fn, void *arg)
{
  return sp_create_task_from(fn, arg, &eager, "eager", SP_HERE);
}

static void outcome(const char *what, sp_task *task)
{
  printf("%s done: %d, ", what, sp_future_done(task));
  int result = sp_await(task);
  printf("%d%s%s\n", result, result < 0 ? " " : "", result < 0 ? sp_error_message() : "");
}

static void soon(void *text) { printf("%s\n", (const char *)text); }

static int returns(void *arg)
{
  printf("runs, current: %d\n", sp_task_current() != (sp_task *)arg);
  return 5;
}

static int fails(void *arg)
{
  (void)arg;
  return sp_fail(SP_EUSER, "on purpose");
}

static int cancelled(void *arg)
{
  (void)arg;
  return sp_fail(SP_ECANCELED, "by itself");
}

static int suspends(void *name)
{
  printf("%s begins\n", (const char *)name);
  int error = sp_sleep(0);
  printf("%s goes on: %s\n", (const char *)name, sp_strerror(error));
  return error < 0 ? error : 7;
}

static int cancels_itself(void *arg)
{
  (void)arg;
  sp_task_cancel(sp_task_current(), NULL);
  int error = sp_sleep(0);
  printf("cancels itself: %s\n", sp_strerror(error));
  return error;
}

static int cancels(void *task)
{
  printf("cancels its creator: %d\n", sp_task_cancel((sp_task *)task, "from within"));
  return 0;
}

static int deep(void *depth)
{
  int level = *(int *)depth;
  printf("down at %d\n", level);
  int below = level - 1;
  int result = level > 0 ? sp_await(start(deep, &below)) : 0;
  printf("up at %d\n", level);
  return result + 1;
}

static int deep_and_slow(void *depth)
{
  int level = *(int *)depth;
  int below = level - 1;
  if (level == 0) sp_sleep(0);
  int result = level > 0 ? sp_await(start(deep_and_slow, &below)) : 0;
  printf("slowly up at %d\n", level);
  return result + 1;
}

static int awaits(void *future)
{
  int result = sp_await((sp_future *)future);
  printf("awaited: %d\n", result);
  return result;
}

static void from_callback(void *arg)
{
  printf("in a callback, a task: %d\n", sp_task_current() != NULL);
  *(sp_task **)arg = start(suspends, "from a callback");
  printf("in the callback, a task: %d\n", sp_task_current() != NULL);
  sp_task_detach(start(suspends, "another from there"));
}

static void in_callbacks(void)
{
  sp_task *made = NULL;
  sp_loop_call_soon(sp_loop_running(), from_callback, &made);
  sp_sleep(0);
  printf("after the callback\n");
  outcome("from a callback", made);
}

static void in_order(void)
{
  sp_loop_call_soon(sp_loop_running(), soon, "scheduled before");
  sp_task *first = start(suspends, "first");
  sp_loop_call_soon(sp_loop_running(), soon, "scheduled between");
  sp_task *lazy = sp_create_task(suspends, "lazy");
  sp_task *second = start(suspends, "second");
  outcome("first", first);
  outcome("second", second);
  outcome("lazy", lazy);
}

static void by_cancelling(void)
{
  outcome("cancels itself", start(cancels_itself, NULL));
  sp_task_detach(start(cancels, sp_task_current()));
  int error = sp_sleep(0);
  printf("creator: %s, %s\n", sp_strerror(error), sp_error_message());
  sp_task *task = start(suspends, "cancelled at its first wait");
  sp_task_cancel(task, NULL);
  outcome("cancelled", task);
}

static void by_futures(void)
{
  sp_future *future = sp_future_new();
  sp_task *task = start(awaits, future);
  sp_future_set_result(future, 9);
  outcome("awaits", task);
  outcome("awaits what is done", start(awaits, future));
  sp_future_free(future);
}

static int run(void *arg)
{
  (void)arg;
  sp_task *self = sp_task_current();
  outcome("returns", start(returns, self));
  printf("current again: %d\n", sp_task_current() == self);
  outcome("fails", start(fails, NULL));
  outcome("cancelled", start(cancelled, NULL));
  int three = 3, two = 2;
  outcome("deep", start(deep, &three));
  outcome("deep and slow", start(deep_and_slow, &two));
  in_order();
  in_callbacks();
  by_cancelling();
  by_futures();
  return 0;
}

int main(void) { return sp_run_with(run, NULL, &eager); }
