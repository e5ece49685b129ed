/* Sleeping: a future that a timer fulfils. */
#include <math.h>

#include "core/core.h"

static void wake(void *arg)
{
  sp_future *woken = arg;
  if (woken->state == SP__PENDING) sp__future_finish(woken, 0, NULL);
}

static int sleep_until(sp__task *task, double when, const char *where)
{
  sp_future woken;
  sp__future_open(&woken, task->future.loop);
  sp_handle timer = sp__call_at(woken.loop, when, wake, &woken);
  if (!timer.call) return SP_ENOMEM;
  int result = sp__task_wait(task, &woken, where);
  sp_handle_cancel(timer);
  sp__future_close(&woken);
  return result;
}

int sp_sleep_at(double seconds, const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  if (isnan(seconds)) return sp__fail(SP_EINVAL, "Invalid delay: NaN (not a number)");
  if (seconds <= 0) return sp__task_yield(task, where);
  return sleep_until(task, sp_loop_time(task->future.loop) + seconds, where);
}
