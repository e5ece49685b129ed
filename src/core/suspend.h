/* Suspending a task, inlined in the function that suspends.
 *
 * What is inlined here ends in a switch of stacks, after which each return to a caller costs the
 * processor a wrong prediction (switch/switch_inline.h), or on the web a frame to unwind. So the
 * calls that every program waits in inline it; the others call sp__task_wait. */
#ifndef SP_SUSPEND_H
#define SP_SUSPEND_H

#include "core/future.h"
#include "core/iteration.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/ready.h"
#include "core/step.h"
#include "core/task.h"
#include "spindle.h"
#include "switch/switch.h"

/* A function that is called last, where a call has to wait after all: it takes the caller's frame,
 * so the caller needs none when it does not wait. */
#define SP__TAIL static __attribute__((noinline))

/* Sets the message that says why nothing can be suspended here; returns NULL. */
sp__task *sp__task_refuse_to_suspend(void);

/* Delivers a cancellation at the next suspension; returns SP_ECANCELED. */
int sp__task_deliver_cancel(sp__task *task);

/* The result of a wait during which the task was cancelled. */
int sp__task_take_cancelled(sp__task *task, sp_future *future);

/* Cancels the future that a task has just begun to wait for, if it can be. */
void sp__task_cancel_wait(sp__task *task, sp_future *future);

/* If the runnable is the first step of a task that is to begin, makes it the next one and returns
 * true. */
bool sp__task_begins(sp__runnable *runnable);

SP__INLINE sp__task *sp__task_here(void)
{
  sp__task *task = sp__task_running();
  return task && sp__unsuspendable_depth == 0 ? task : sp__task_refuse_to_suspend();
}

SP__INLINE void sp__task_stand(const sp_loop *loop, sp__task *task, const char *where)
{
  task->where = where;
  task->since = loop->clock.now;
}

/* The task whose step comes next, removed from the queue, if it may follow at once. */
SP__INLINE sp__task *sp__task_next(sp_loop *loop)
{
  if (loop->iteration.crowded) sp__loop_prefetch(&loop->ready);
  if (!SP__SWITCH_DIRECT || !loop->iteration.direct || loop->iteration.steps == 0) return NULL;
  if (loop->ready.head == loop->iteration.end && !sp__loop_begin_iteration(loop)) return NULL;
  sp__runnable *runnable = loop->ready.ring[loop->ready.head & loop->ready.mask];
  if (runnable->run != sp__task_step && !sp__task_begins(runnable)) return NULL;
  sp__task *next = SP__OWNER(runnable, sp__task, waiter.runnable);
  loop->ready.head++;
  loop->iteration.steps--;
  sp__task_enter(loop, next);
  return next;
}

SP__INLINE void sp__task_leave(sp_loop *loop, sp__task *task)
{
  sp__task *next = sp__task_next(loop);
  sp__coroutine_suspend(task->active, next ? next->active : NULL);
}

SP__INLINE int sp__yield_here(sp__task *task, const char *where)
{
  sp_loop *loop = sp__loop_current;
  sp__task_stand(loop, task, where);
  sp__ready_push(&loop->ready, &task->waiter.runnable);
  sp__task_leave(loop, task);
  return task->must_cancel ? sp__task_deliver_cancel(task) : 0;
}

SP__INLINE int sp__wait_here(sp__task *task, sp_future *future, const char *where)
{
  if (future->state != SP__PENDING) return sp__future_take(future);
  sp_loop *loop = sp__loop_current;
  sp__task_stand(loop, task, where);
  task->waiting_on = future;
  sp__future_add_waiter(future, &task->waiter);
  if (task->must_cancel) sp__task_cancel_wait(task, future);
  sp__task_leave(loop, task);
  return task->must_cancel ? sp__task_take_cancelled(task, future) : sp__future_take(future);
}

#endif
