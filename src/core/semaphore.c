/* Semaphores: permits, handed to the waiting tasks in FIFO order.
 *
 * A permit is subtracted from `value` when its task is woken, not when that task runs. */
#include <limits.h>

#include "core/error.h"
#include "core/suspend.h"
#include "core/sync.h"
#include "core/task.h"
#include "spindle.h"

int sp_semaphore_init(sp_semaphore *semaphore, int value)
{
  if (value < 0) return sp__fail(SP_EINVAL, "Semaphore initial value must be >= 0");
  *semaphore = (sp_semaphore){.value = value};
  return 0;
}

int sp_semaphore_init_bounded(sp_semaphore *semaphore, int value)
{
  int error = sp_semaphore_init(semaphore, value);
  if (error < 0) return error;
  semaphore->bounded = true;
  semaphore->bound = value;
  return 0;
}

bool sp_semaphore_locked(const sp_semaphore *semaphore)
{
  return semaphore->value == 0 || sp__waiting_any(&semaphore->waiting);
}

static bool wake_next(sp_semaphore *semaphore)
{
  if (!sp__waiting_wake(&semaphore->waiting)) return false;
  semaphore->value--;
  return true;
}

/* A task that arrived while another was woken had to wait behind it, though there may have been
 * permits. */
SP__TAIL int wait_for_permit(sp_semaphore *semaphore, sp__task *task, const char *where)
{
  sp__waiting_task self;
  int error = sp__waiting_wait(&semaphore->waiting, &self, task, where);
  if (error < 0 && self.woken) semaphore->value++;
  while (semaphore->value > 0 && wake_next(semaphore)) continue;
  return error;
}

int sp_semaphore_acquire_from(sp_semaphore *semaphore, const char *where)
{
  sp__task *task = sp__task_here();
  if (!task) return SP_ENOTASK;
  if (sp_semaphore_locked(semaphore)) return wait_for_permit(semaphore, task, where);
  semaphore->value--;
  return 0;
}

int sp_semaphore_release(sp_semaphore *semaphore)
{
  if (semaphore->bounded && semaphore->value >= semaphore->bound) {
    return sp__fail(SP_EINVAL, "BoundedSemaphore released too many times");
  }
  if (semaphore->value == INT_MAX) return sp__fail(SP_EINVAL, "Semaphore has too many permits");
  semaphore->value++;
  wake_next(semaphore);
  return 0;
}
