/* Operations: what the host does for a task. */
#ifndef SP_CORE_OP_H
#define SP_CORE_OP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/future.h"
#include "core/loop_owned.h"
#include "core/ready.h"
#include "core/task.h"
#include "spindle.h"

/* An operation outside the loop. The host completes it; the task that started it waits for it. */
typedef struct sp__op {
  sp__loop_owned owned;
  sp__runnable runnable;
  sp_future future;
  sp_loop *loop;
  int result;
  bool told;       /* its runnable is in the ready queue */
  bool outside;    /* it is counted in loop->outside */
  bool completing; /* the host is done with it */
  bool completed;  /* and that has passed through the ready queue */
  bool abandoned;  /* the task is done with it */
} sp__op;

/* Returns `size` zeroed bytes that begin with an sp__op; or NULL with the message set. `drop` is
 * called before they are freed: when both sides are done with the op, or at the loop's close. */
void *sp__op_new(sp_loop *loop, size_t size, void (*drop)(sp__loop_owned *self));

/* Suspends the task until the op is complete. Returns its result, or SP_ECANCELED while the host
 * still has it. */
int sp__op_wait(sp__op *op, sp__task *task, const char *where);

/* The same, but does not return before the host is done: for an op whose memory is borrowed.
 * Always returns the op's result; a cancellation is delivered by the next suspension. */
int sp__op_wait_through(sp__op *op, sp__task *task, const char *where);

/* Suspends the task until the host has news of the op, or it is complete; may wake spuriously.
 * Returns 0 on success, or SP_ECANCELED, after which the task may wait again. */
int sp__op_wait_news(sp__op *op, sp__task *task, const char *where);

/* The host has news of an op that continues. On the loop's thread. */
void sp__op_news(sp__op *op);

/* The host is done with the op. On the loop's thread. */
void sp__op_complete(sp__op *op, int result);

/* The same when called from the ready queue, which the completion then does not pass again. */
void sp__op_arrive(sp__op *op, int result);

/* The task is done with the op: frees it now, or when the host is done. */
void sp__op_abandon(sp__op *op);

/* The host dropped the op without completing it (an abort): only the task has it now. */
void sp__op_forgotten(sp__op *op);

#endif
