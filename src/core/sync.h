/* What locks, events, conditions, semaphores and queues share: the list of the tasks that wait for
 * one of them, in FIFO order. Only this code handles the list. */
#ifndef SP_SYNC_H
#define SP_SYNC_H

#include "core/future.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/suspend.h"
#include "core/task.h"
#include "spindle.h"
#include "switch/switch.h"

/* A waiting task, on that task's own stack. It stays in the list until the task runs again, so the
 * list also has tasks that were woken or cancelled and have not run yet: a newcomer must not
 * overtake them. */
typedef struct sp__waiting_task {
  sp_future future;
  struct sp__waiting_task *previous, *next;
  sp__waiting *list;
  bool woken; /* its future has a result; it may still be cancelled before it runs */
} sp__waiting_task;

static inline void sp__waiting_task_leave(sp__waiting_task *self)
{
  sp__waiting *waiting = self->list;
  if (waiting->asleep == self) waiting->asleep = self->next;
  SP__LIST_REMOVE(waiting, self);
}

/* The loop is closing, and whoever waits for this future never continues: removes it from its list,
 * which is the program's. */
void sp__waiting_task_forget(sp_future *future);

/* Suspends the task, at the end of the list, until it is woken.
 * Returns 0 on success, or SP_ECANCELED; self->woken says whether it was woken in either case. */
SP__INLINE int sp__waiting_wait(sp__waiting *waiting, sp__waiting_task *self, sp__task *task,
                                const char *where)
{
  sp__waiting_task *listed = self;
  __asm__("" : "+r"(listed)); /* or gcc takes the list's pointer for dangling */
  sp__future_open(&self->future, task->future.loop);
  self->future.kind = SP__LISTED;
  self->list = waiting;
  self->woken = false;
  SP__LIST_APPEND(waiting, listed);
  if (!waiting->asleep) waiting->asleep = self;
  int result = sp__wait_here(task, &self->future, where);
  sp__waiting_task_leave(self);
  sp__future_close(&self->future);
  return result;
}

static inline bool sp__waiting_task_wake(sp__waiting_task *one)
{
  if (one->future.state != SP__PENDING) return false;
  one->woken = true;
  sp__future_finish(&one->future, 0, NULL);
  return true;
}

/* Wakes the first task that was neither woken nor cancelled. False if there is none. */
static inline bool sp__waiting_wake(sp__waiting *waiting)
{
  for (sp__waiting_task *one; (one = waiting->asleep);) {
    waiting->asleep = one->next;
    if (sp__waiting_task_wake(one)) return true;
  }
  return false;
}

/* Wakes all of them. */
void sp__waiting_wake_all(sp__waiting *waiting);

/* Wakes the first task of the list, if it was neither woken nor cancelled. */
void sp__waiting_wake_head(sp__waiting *waiting);

/* Whether the list has a task that was not cancelled. */
bool sp__waiting_any(const sp__waiting *waiting);

#endif
