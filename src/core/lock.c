/* Locks: one task at a time, in FIFO order. */
#include "core/error.h"
#include "core/suspend.h"
#include "core/sync.h"
#include "core/task.h"
#include "spindle.h"

/* A task that has been woken but has not run yet counts as served: nobody overtakes it. */
int sp_lock_acquire_from(sp_lock *lock, const char *where)
{
  sp__task *task = sp__task_here();
  if (!task) return SP_ENOTASK;
  if (lock->locked || sp__waiting_any(&lock->waiting)) {
    sp__waiting_task self;
    int error = sp__waiting_wait(&lock->waiting, &self, task, where);
    if (error < 0) {
      if (!lock->locked) sp__waiting_wake_head(&lock->waiting);
      return error;
    }
  }
  lock->locked = true;
  return 0;
}

int sp_lock_release(sp_lock *lock)
{
  if (!lock->locked) return sp__fail(SP_EINVALIDSTATE, "Lock is not acquired.");
  lock->locked = false;
  sp__waiting_wake_head(&lock->waiting);
  return 0;
}

bool sp_lock_locked(const sp_lock *lock) { return lock->locked; }
