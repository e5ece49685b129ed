/* Waiting until enough of many futures are done. */
#include <math.h>

#include "core/error.h"
#include "core/future.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/observer.h"
#include "core/task.h"
#include "spindle.h"

typedef struct waiting {
  sp__observers observers;
  sp_handle limit;
  size_t left;
  sp_wait_until until;
} waiting;

static void wake(void *arg)
{
  sp_future *enough = &((waiting *)arg)->observers.outer;
  if (enough->state == SP__PENDING) sp__future_finish(enough, 0, NULL);
}

/* Reading an error marks it as retrieved. */
static bool is_enough(const waiting *wait, sp_future *done)
{
  if (wait->left == 0 || wait->until == SP_FIRST_COMPLETED) return true;
  if (wait->until != SP_FIRST_EXCEPTION || !sp__future_failed(done)) return false;
  return done->retrieved = true;
}

static void one_ended(sp__observer *observer)
{
  waiting *wait = SP__OWNER(observer->block, waiting, observers);
  wait->left--;
  if (!is_enough(wait, observer->future)) return;
  sp_handle_cancel(wait->limit);
  wake(wait);
}

/* The observers have the futures in their original order. */
static int reorder(const waiting *wait, sp_future **futures)
{
  size_t at = 0;
  for (size_t i = 0; i < wait->observers.count; i++) {
    sp_future *future = wait->observers.each[i].future;
    if (future->state != SP__PENDING) futures[at++] = future;
  }
  int done = (int)at;
  for (size_t i = 0; i < wait->observers.count; i++) {
    sp_future *future = wait->observers.each[i].future;
    if (future->state == SP__PENDING) futures[at++] = future;
  }
  return done;
}

static int wait_for_enough(sp__task *task, waiting *wait, sp_future **futures, double timeout,
                           const char *where)
{
  if (timeout != INFINITY) {
    wait->limit = sp_loop_call_later(task->future.loop, timeout, wake, wait);
    if (!wait->limit.call) return SP_ENOMEM;
  }
  wait->left = wait->observers.different;
  sp__observers_begin(&wait->observers);
  sp__await_frame awaits = {.futures = futures, .count = wait->observers.count};
  int error = sp__task_wait_for(task, &awaits, &wait->observers.outer, where);
  sp_handle_cancel(wait->limit);
  return error < 0 ? error : reorder(wait, futures);
}

static int check(sp_loop *loop, sp_future **futures, size_t count, double timeout,
                 sp_wait_until until)
{
  if (count == 0) return sp__fail(SP_EINVAL, "Set of Tasks/Futures is empty.");
  if (isnan(timeout)) return sp__fail(SP_EINVAL, "Invalid delay: NaN (not a number)");
  if ((unsigned)until > SP_FIRST_EXCEPTION) return sp__fail(SP_EINVAL, "Invalid return_when value");
  return sp__futures_check(loop, futures, count);
}

int sp_wait_from(sp_future **futures, size_t count, double timeout, sp_wait_until until,
                 const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  sp_loop *loop = task->future.loop;
  int error = check(loop, futures, count, timeout, until);
  if (error < 0) return error;
  waiting *wait = sp__observers_new(loop, sizeof *wait, one_ended, futures, count);
  if (!wait) return SP_ENOMEM;
  wait->until = until;
  int done = wait_for_enough(task, wait, futures, timeout, where);
  sp__observers_close(&wait->observers);
  return done;
}
