/* Events: a flag that tasks wait for until it is set. */
#include "core/suspend.h"
#include "core/sync.h"
#include "core/task.h"
#include "spindle.h"

int sp_event_wait_from(sp_event *event, const char *where)
{
  sp__task *task = sp__task_here();
  if (!task) return SP_ENOTASK;
  if (event->is_set) return 0;
  sp__waiting_task self;
  return sp__waiting_wait(&event->waiting, &self, task, where);
}

void sp_event_set(sp_event *event)
{
  if (event->is_set) return;
  event->is_set = true;
  sp__waiting_wake_all(&event->waiting);
}

void sp_event_clear(sp_event *event) { event->is_set = false; }

bool sp_event_is_set(const sp_event *event) { return event->is_set; }
