/* A pool of threads, and the jobs that it runs for loops. */
#ifndef SP_CORE_EXECUTOR_H
#define SP_CORE_EXECUTOR_H

#include <stdbool.h>

#include "core/mailbox.h"
#include "spindle.h"

/* A job of a pool: `run` is called in one of its threads, then the runnable of the message on the
 * loop's thread. Its memory must last until then. */
typedef struct sp__job {
  void (*run)(struct sp__job *self);
  sp__mailbox_message message;
  sp__mailbox *mailbox;            /* the loop's */
  struct sp__job *previous, *next; /* of the jobs that no thread has begun */
  bool queued;
} sp__job;

/* Returns the loop's own pool, created when first needed; NULL with the message set. */
sp_executor *sp__loop_executor(sp_loop *loop);

/* Has a thread of the pool run the job. Returns 0 on success, or SP_ENOMEM with the message set if
 * the pool has no thread and none could be started. */
int sp__executor_start(sp_executor *executor, sp__job *job, sp_loop *loop);

/* Takes a job back that no thread has begun: it never runs, and its message is not sent. False if
 * one has. */
bool sp__executor_take_back(sp_executor *executor, sp__job *job);

/* Reference counting; the last sp__executor_unref frees the pool. */
void sp__executor_ref(sp_executor *executor);
void sp__executor_unref(sp_executor *executor);

#endif
