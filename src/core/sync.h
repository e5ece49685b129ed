/* What locks, events, conditions, semaphores and queues share: the tasks that wait for one of them,
 * in the order in which they came. This is the one place that handles the list. */
#ifndef SP_SYNC_H
#define SP_SYNC_H

#include "core/core.h"

/* One task that waits, on that task's own stack. It stays in the list until the task runs again, so
 * in the list there are also tasks that were woken or cancelled and have not run yet: a newcomer
 * must not overtake them. */
typedef struct sp__waiting_task {
  sp_future future;
  struct sp__waiting_task *previous, *next;
  bool woken; /* its future has a result; it may be cancelled all the same before it runs */
} sp__waiting_task;

/* Suspends the task, last in the list, until it is woken. 0, or SP_ECANCELED; self->woken tells
 * whether it was woken, too. */
int sp__waiting_wait(sp__waiting *waiting, sp__waiting_task *self, sp__task *task,
                     const char *where);

/* Wakes the first `count` of those that were neither woken nor cancelled; returns how many. */
size_t sp__waiting_wake(sp__waiting *waiting, size_t count);

/* Wakes the first of the list, if it was neither woken nor cancelled. */
void sp__waiting_wake_head(sp__waiting *waiting);

/* Whether there is anyone in the list who was not cancelled. */
bool sp__waiting_any(const sp__waiting *waiting);

#endif
