/* A pool of threads, and the jobs that it does for loops. */
#ifndef SP_CORE_EXECUTOR_H
#define SP_CORE_EXECUTOR_H

#include <stdbool.h>

#include "core/mailbox.h"
#include "spindle.h"

/* A job of a pool: `run` is called in one of its threads, then the handle of the message on the thread
 * of the loop. Its memory must last until then. */
typedef struct sp__job {
  void (*run)(struct sp__job *self);
  sp__mailbox_message message;
  sp__mailbox *mailbox;            /* that of the loop */
  struct sp__job *previous, *next; /* of those that no thread has begun */
  bool queued;
} sp__job;

/* The loop's own pool, made when it is needed first; NULL with the message set. */
sp_executor *sp__loop_executor(sp_loop *loop);

/* Has a thread of the pool do the job. 0, or SP_ENOMEM with the message set: it has no thread, and
 * none could be started. */
int sp__executor_start(sp_executor *executor, sp__job *job, sp_loop *loop);

/* Whether no thread has begun it; then none will, and nothing comes back. */
bool sp__executor_take_back(sp_executor *executor, sp__job *job);

/* A pool is freed when its last holder has released it. */
void sp__executor_ref(sp_executor *executor);
void sp__executor_unref(sp_executor *executor);

#endif
