/* Sleeping: a future that a timer fulfils. */
#include <math.h>

#include "core/call.h"
#include "core/error.h"
#include "core/future.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/suspend.h"
#include "core/task.h"
#include "spindle.h"

static void wake(void *arg)
{
  sp_future *woken = arg;
  if (woken->state == SP__PENDING) sp__future_finish(woken, 0, NULL);
}

/* Frees a call that has come up; one that has not is freed when it does. */
static void end_alarm(sp__call *call)
{
  bool is_up = !call->slept;
  call->slept = false;
  if (is_up) {
    sp__call_free(call);
  } else {
    sp__call_cancel(call);
  }
}

SP__TAIL int sleep_until(sp__task *task, double when, const char *where)
{
  sp__call *call = sp__call_at(task->future.loop, when, wake, NULL).call;
  if (!call) return SP_ENOMEM;
  sp_future *woken = &SP__OWNER(call, sp__alarm, call)->woken;
  sp__future_open(woken, task->future.loop);
  call->arg = woken;
  call->slept = true;
  int result = sp__wait_here(task, woken, where);
  sp__future_close(woken);
  end_alarm(call);
  return result;
}

int sp_sleep_from(double seconds, const char *where)
{
  sp__task *task = sp__task_here();
  if (!task) return SP_ENOTASK;
  if (isnan(seconds)) return sp__fail(SP_EINVAL, "Invalid delay: NaN (not a number)");
  if (seconds <= 0) return sp__yield_here(task, where);
  return sleep_until(task, sp_loop_time(task->future.loop) + seconds, where);
}
