/* The tasks that wait for a lock, an event, a condition, a semaphore or a queue: in FIFO order, and
 * nothing is allocated. */
#include "core/sync.h"
#include "core/list.h"
#include "spindle.h"

void sp__waiting_task_forget(sp_future *future)
{
  sp__waiting_task_leave(SP__OWNER(future, sp__waiting_task, future));
}

void sp__waiting_wake_all(sp__waiting *waiting)
{
  while (sp__waiting_wake(waiting)) continue;
}

void sp__waiting_wake_head(sp__waiting *waiting)
{
  if (waiting->first) sp__waiting_task_wake(waiting->first);
}

bool sp__waiting_any(const sp__waiting *waiting)
{
  const sp__waiting_task *one = waiting->first;
  while (one && sp_future_cancelled(&one->future)) one = one->next;
  return one != NULL;
}
