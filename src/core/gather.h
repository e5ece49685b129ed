/* A gather in progress: what gather.c makes, and what a cancellation passes through (cancel.c). */
#ifndef SP_GATHER_H
#define SP_GATHER_H

#include "core/core.h"

typedef struct sp__gathering {
  sp__watches children;
  size_t finished;
  bool errors_too; /* an error is a result like any other */
  bool cancel_requested;
  /* While a cancellation is within it. */
  bool cancelling;
  bool any_cancelled;            /* of the children so far */
  size_t next_child;             /* to be cancelled */
  sp__task *asker;               /* that waits for it, if the cancellation came by that task */
  struct sp__gathering *outside; /* the gathering that it came from, or NULL */
} sp__gathering;

static inline sp__gathering *sp__gathering_of(sp_future *future)
{
  return SP__OWNER(future, sp__gathering, children.outer);
}

#endif
