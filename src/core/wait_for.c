/* Awaiting with a timeout. */
#include <math.h>

#include "core/cancel.h"
#include "core/error.h"
#include "core/future.h"
#include "core/loop.h"
#include "core/observer.h"
#include "core/task.h"
#include "spindle.h"

/* --- a timeout of 0: it is cancelled, and awaited until it has ended --- */

static void ended(sp__observer *observer)
{
  sp_future *outer = &observer->block->outer;
  if (outer->state == SP__PENDING) sp__future_finish(outer, 0, NULL);
}

static int outcome(sp_future *future)
{
  int result = sp__future_take(future);
  return result == SP_ECANCELED ? sp__fail(SP_ETIMEDOUT, NULL) : result;
}

static int cancel_and_await(sp__task *task, sp_future *future, const char *where)
{
  sp__observers *observers =
      sp__observers_new(task->future.loop, sizeof *observers, ended, &future, 1);
  if (!observers) {
    sp__future_return_handle(future);
    return SP_ENOMEM;
  }
  sp__observers_begin(observers);
  sp__future_cancel(future, NULL);
  int result = sp__task_wait(task, &observers->outer, where);
  if (result == 0) result = outcome(future);
  sp__future_release_handle(future);
  sp__observers_close(observers);
  return result;
}

/* --- a timeout above 0 --- */

static int await_within(sp_future *future, double timeout, const char *where)
{
  sp_timeout limit;
  int error = sp_timeout_open(&limit, timeout);
  if (error < 0) {
    sp__future_return_handle(future);
    return error;
  }
  return sp_timeout_close(&limit, sp_await_from(future, where));
}

static int wait_for(sp__task *task, sp_future *future, double timeout, const char *where)
{
  if (timeout > 0) return await_within(future, timeout, where);
  bool pending = future->state == SP__PENDING;
  return pending ? cancel_and_await(task, future, where) : sp_await_from(future, where);
}

int sp_wait_for_from(sp_future *future, double timeout, const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  if (isnan(timeout)) return sp__fail(SP_EINVAL, "Invalid delay: NaN (not a number)");
  int error = sp__futures_check(task->future.loop, &future, 1);
  if (error < 0) return error;
  sp__await_frame awaits = {.futures = &future, .count = 1};
  sp__task_push_await_frame(task, &awaits);
  int result = wait_for(task, future, timeout, where);
  sp__task_pop_await_frame(task);
  return result;
}
