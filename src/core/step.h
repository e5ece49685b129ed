/* One step of a task: from its resumption to its next suspension. */
#ifndef SP_CORE_STEP_H
#define SP_CORE_STEP_H

#include <assert.h>

#include "core/loop.h"
#include "core/ready.h"
#include "core/task.h"
#include "switch/switch.h"

/* prefetch.c: for when many are ready. */
void sp__loop_prefetch(const sp__ready *ready);

static inline void sp__task_enter(sp_loop *loop, sp__task *task)
{
  assert(loop == sp__loop_current); /* rule 4: one thread */
  assert(task->future.state == SP__PENDING);
  task->waiting_on = NULL;
  loop->statistics.switches++;
  loop->current = task;
}

/* A step: the task runs until it suspends or ends. Inlined at each call, as is the switch. */
SP__INLINE void sp__task_go_on(sp_loop *loop, sp__task *task, sp__task *creator)
{
  sp__task_enter(loop, task);
  sp__coroutine_resume(task->active);
  task = loop->current; /* or one that it switched to; NULL: its end has been handled */
  loop->current = creator;
  if (task && (task->handoff || task->coroutine.finished)) sp__task_came_back(task, creator);
}

#endif
