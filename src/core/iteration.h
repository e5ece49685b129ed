/* Iterations: what is due runs, and a task that suspends may begin the next one. */
#ifndef SP_CORE_ITERATION_H
#define SP_CORE_ITERATION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/loop.h"
#include "core/mailbox.h"
#include "spindle.h"

/* Runs what is due. Never blocks. Returns after how many seconds it wants to be called again: 0 at
 * once, infinity when only a completion can bring work. */
double sp__loop_turn(sp_loop *loop);

/* Whether an iteration consists only of what is ready. */
static inline bool sp__loop_is_plain(const sp_loop *loop)
{
  return loop->timers.count == 0 && !sp__mailbox_has_mail(loop->mailbox) && !loop->shuffle.on &&
         !loop->run.stopping;
}

static inline bool sp__loop_begin_plain_iteration(sp_loop *loop)
{
  loop->run.began = true;
  loop->iteration.end = loop->ready.tail;
  bool any = loop->iteration.end != loop->ready.head;
  if (any) loop->statistics.iterations++;
  return any;
}

/* The same when there is more to examine. */
bool sp__loop_begin_other_iteration(sp_loop *loop);

/* For a task that suspends when all of an iteration has run. False: the loop's own stack is
 * needed. */
static inline bool sp__loop_begin_iteration(sp_loop *loop)
{
  return sp__loop_is_plain(loop) ? sp__loop_begin_plain_iteration(loop)
                                 : sp__loop_begin_other_iteration(loop);
}

/* Keeps suspending tasks from switching straight to others: the loop waits for this one. Returns
 * what sp__loop_release restores. */
static inline uint32_t sp__loop_hold(sp_loop *loop)
{
  uint32_t steps = loop->iteration.steps;
  loop->iteration.steps = 0;
  return steps;
}

static inline void sp__loop_release(sp_loop *loop, uint32_t steps)
{
  loop->iteration.steps = steps;
}

#endif
