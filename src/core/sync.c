/* The tasks that wait for a lock, an event, a condition, a semaphore or a queue: first come, first
 * served, and no memory is asked for. */
#include "core/sync.h"

static void append(sp__waiting *waiting, sp__waiting_task *self)
{
  SP__LIST_APPEND(waiting, self);
  if (!waiting->asleep) waiting->asleep = self;
}

static void take_out(sp__waiting *waiting, sp__waiting_task *self)
{
  if (waiting->asleep == self) waiting->asleep = self->next;
  SP__LIST_REMOVE(waiting, self);
}

int sp__waiting_wait(sp__waiting *waiting, sp__waiting_task *self, sp__task *task,
                     const char *where)
{
  sp__future_open(&self->future, task->future.loop);
  self->woken = false;
  append(waiting, self);
  int result = sp__task_wait(task, &self->future, where);
  take_out(waiting, self);
  sp__future_close(&self->future);
  return result;
}

static bool wake(sp__waiting_task *one)
{
  if (sp_future_done(&one->future)) return false;
  one->woken = true;
  sp__future_finish(&one->future, 0, NULL);
  return true;
}

size_t sp__waiting_wake(sp__waiting *waiting, size_t count)
{
  size_t woken = 0;
  while (woken < count && waiting->asleep) {
    if (wake(waiting->asleep)) woken++;
    waiting->asleep = waiting->asleep->next;
  }
  return woken;
}

void sp__waiting_wake_head(sp__waiting *waiting)
{
  if (waiting->first) wake(waiting->first);
}

bool sp__waiting_any(const sp__waiting *waiting)
{
  const sp__waiting_task *one = waiting->first;
  while (one && sp_future_cancelled(&one->future)) one = one->next;
  return one != NULL;
}
