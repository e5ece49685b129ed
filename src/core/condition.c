/* Condition variables: a lock, and the tasks that released it until they are notified of a
 * change. */
#include "core/error.h"
#include "core/sync.h"
#include "core/task.h"
#include "spindle.h"

static sp_lock *lock_of(sp_condition *condition)
{
  return condition->lock ? condition->lock : &condition->own_lock;
}

int sp_condition_acquire_from(sp_condition *condition, const char *where)
{
  return sp_lock_acquire_from(lock_of(condition), where);
}

int sp_condition_release(sp_condition *condition) { return sp_lock_release(lock_of(condition)); }

bool sp_condition_locked(const sp_condition *condition)
{
  return sp_lock_locked(condition->lock ? condition->lock : &condition->own_lock);
}

/* Reacquires the lock, however often the task is cancelled meanwhile. Returns the last of these
 * errors, or else the wait's `result`; the task's message is that of the last error. */
static int acquire_again(sp_condition *condition, int result, const char *where)
{
  int error;
  while ((error = sp_condition_acquire_from(condition, where)) < 0) result = error;
  return result;
}

/* A task that fails may have been notified, too: then another one is notified instead. */
int sp_condition_wait_from(sp_condition *condition, const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  int error = sp_condition_release(condition);
  if (error < 0) return sp__fail(error, "cannot wait on un-acquired lock");
  sp__waiting_task self;
  int result = sp__waiting_wait(&condition->waiting, &self, task, where);
  result = acquire_again(condition, result, where);
  if (result < 0) sp__waiting_wake(&condition->waiting);
  return result;
}

int sp_condition_wait_for_from(sp_condition *condition, sp_predicate *predicate, void *arg,
                               const char *where)
{
  if (!sp__task_suspendable()) return SP_ENOTASK;
  int result;
  while ((result = predicate(arg)) == 0) {
    int error = sp_condition_wait_from(condition, where);
    if (error < 0) return error;
  }
  return result;
}

int sp_condition_notify(sp_condition *condition, size_t count)
{
  if (!sp_condition_locked(condition)) {
    return sp__fail(SP_EINVALIDSTATE, "cannot notify on un-acquired lock");
  }
  while (count > 0 && sp__waiting_wake(&condition->waiting)) count--;
  return 0;
}

int sp_condition_notify_all(sp_condition *condition)
{
  return sp_condition_notify(condition, SIZE_MAX);
}
