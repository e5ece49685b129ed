/* Futures: a result that arrives later, and who waits for it. */
#ifndef SP_CORE_FUTURE_H
#define SP_CORE_FUTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/list.h"
#include "core/ready.h"
#include "spindle.h"

/* Is notified when a future is done: its runnable goes into the ready queue then. */
typedef struct sp__waiter {
  sp__runnable runnable;
  struct sp__waiter *next;
} sp__waiter;

enum sp__state { SP__PENDING, SP__CANCELLED, SP__FINISHED };

/* What cancelling a future does: ends it, cancels the task, or cancels the gathered futures. One
 * that is listed is like a plain one, and is in the list of a lock or the like (sync.h). */
enum sp__kind { SP__PLAIN, SP__TASK, SP__GATHERING, SP__LISTED };

struct sp_future {
  sp_loop *loop;
  sp__waiter *first;
  sp__waiter *last;
  sp__detail *detail;  /* of its error or cancellation; NULL: none */
  const char *created; /* "file.c:12"; NULL for one of spindle's own */
  int result;          /* when finished: >= 0 the result, < 0 the error */
  uint32_t refs;       /* awaits of it, and waiters for its end: it lives until there are none */
  uint8_t state;
  uint8_t kind;
  bool retrieved; /* somebody has taken its error */
  bool dropped;   /* the program freed it; not for tasks */
  bool seen;      /* by a loop over futures, one of which may be listed twice */
};

static inline void sp__future_open(sp_future *future, sp_loop *loop)
{
  *future = (sp_future){.loop = loop};
}

/* Frees its detail, and callbacks that were not called. */
void sp__future_empty(sp_future *future);

static inline void sp__future_close(sp_future *future)
{
  if (future->detail || future->first) sp__future_empty(future);
}

static inline void sp__future_add_waiter(sp_future *future, sp__waiter *waiter)
{
  SP__QUEUE_APPEND(future, waiter);
}

void sp__future_remove_waiter(sp_future *future, sp__waiter *waiter);

/* The loop is closing: waiters never continue, and the future may outlive them. Only callbacks
 * remain, for whoever frees it. */
void sp__future_forget_waiters(sp_future *future);

/* The two ways in which a future ends; it must be pending. Takes a reference to `detail`, which may
 * be NULL. */
void sp__future_finish_cancelled(sp_future *future, sp__detail *detail);

/* Returns the error or cancellation of a future that is done, with the current message set. */
int sp__future_take_error(sp_future *future);

/* Returns the result of a future that is done, or its error with the current message set. */
static inline int sp__future_take(sp_future *future)
{
  if (future->state != SP__FINISHED || future->result < 0) return sp__future_take_error(future);
  future->retrieved = true;
  return future->result;
}

/* Returns a reference to the detail of the cancellation of a future that is done, as CPython would
 * raise it. */
sp__detail *sp__future_take_cancellation(sp_future *future);

/* Whether it ended with an error, other than by being cancelled. */
static inline bool sp__future_failed(const sp_future *future)
{
  return future->state == SP__FINISHED && future->result < 0;
}

/* Reference counting: a future of any owner lives until the last sp__future_unref. */
static inline void sp__future_ref(sp_future *future) { future->refs++; }
void sp__future_unref(sp_future *future);

/* Ends a wait that consumes a handle: a task has one handle less, if it has any. */
void sp__future_release_handle(sp_future *future);

/* The same for a wait that could not begin. */
void sp__future_return_handle(sp_future *future);

/* Returns 0 on success, or SP_EINVAL with the message set: one is NULL or of another loop. */
int sp__futures_check(sp_loop *loop, sp_future *const *futures, size_t count);

#endif
