/* Shielding: a wait whose cancellation does not reach what it waits for. */
#include "core/future.h"
#include "core/loop.h"
#include "core/observer.h"
#include "core/task.h"
#include "spindle.h"

static void inner_ended(sp__observer *observer)
{
  sp_future *outer = &observer->block->outer;
  sp_future *inner = observer->future;
  if (outer->state == SP__CANCELLED) return;
  if (inner->state == SP__CANCELLED) {
    sp__future_finish_cancelled(outer, NULL);
  } else {
    inner->retrieved = true;
    sp__future_finish(outer, inner->result, inner->detail);
  }
}

static int wait_shielded(sp__task *task, sp_future *inner, const char *where)
{
  sp__observers *shield =
      sp__observers_new(task->future.loop, sizeof *shield, inner_ended, &inner, 1);
  if (!shield) return SP_ENOMEM;
  sp__observers_begin(shield);
  sp__await_frame awaits = {.futures = &inner, .count = 1};
  int result = sp__task_wait_for(task, &awaits, &shield->outer, where);
  sp__observers_close(shield);
  return result;
}

int sp_shield_from(sp_future *future, const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  int error = sp__futures_check(task->future.loop, &future, 1);
  if (error < 0) return error;
  if (future->state != SP__PENDING) return sp__future_take(future);
  return wait_shielded(task, future, where);
}
