/* Futures: a result that arrives later, and who waits for it. */
#ifndef SP_CORE_FUTURE_H
#define SP_CORE_FUTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/ready.h"
#include "spindle.h"

/* Somebody to be told when a future is done. Its handle goes into the ready queue then. */
typedef struct sp__waiter {
  sp__runnable runnable;
  struct sp__waiter *next;
} sp__waiter;

enum sp__state { SP__PENDING, SP__CANCELLED, SP__FINISHED };

/* What cancelling a future does: ends it, asks the task to stop, or cancels what is gathered. One
 * that is listed is as a plain one; it stands in the list of a lock or the like (sync.h). */
enum sp__kind { SP__PLAIN, SP__TASK, SP__GATHERING, SP__LISTED };

struct sp_future {
  sp_loop *loop;
  sp__waiter *first;
  sp__waiter *last;
  sp__detail *detail;  /* of its error or its cancellation; NULL: none */
  const char *created; /* "file.c:12"; NULL for a future inside of spindle */
  int result;          /* when finished: >= 0 the result, < 0 the error */
  uint32_t refs;       /* how many await it or are to be told of its end: it stays till then */
  uint8_t state;
  uint8_t kind;
  bool retrieved; /* its error was taken by somebody */
  bool dropped;   /* the program freed it; not for tasks */
  bool seen;      /* by a loop over futures of which one may stand there twice */
};

static inline void sp__future_open(sp_future *future, sp_loop *loop)
{
  *future = (sp_future){.loop = loop};
}

/* What it has goes: its detail, and callbacks that were not called. */
void sp__future_empty(sp_future *future);

static inline void sp__future_close(sp_future *future)
{
  if (future->detail || future->first) sp__future_empty(future);
}

static inline void sp__future_add_waiter(sp_future *future, sp__waiter *waiter)
{
  waiter->next = NULL;
  if (future->last) {
    future->last->next = waiter;
  } else {
    future->first = waiter;
  }
  future->last = waiter;
}

void sp__future_remove_waiter(sp_future *future, sp__waiter *waiter);

/* The loop closes: whoever waits never goes on, and the future may outlive them. Only callbacks
 * stay, for whoever frees it. */
void sp__future_forget_waiters(sp_future *future);

/* The two ways in which a future ends; it must be pending. `detail` is shared, may be NULL. */
void sp__future_finish_cancelled(sp_future *future, sp__detail *detail);

/* The error or cancellation of a future that is done, with the current message set. */
int sp__future_take_error(sp_future *future);

/* The result of a future that is done, or its error with the current message set. */
static inline int sp__future_take(sp_future *future)
{
  if (future->state != SP__FINISHED || future->result < 0) return sp__future_take_error(future);
  future->retrieved = true;
  return future->result;
}

/* What goes with the cancellation of a future that is done, as CPython would raise it; a share. */
sp__detail *sp__future_take_cancellation(sp_future *future);

/* Whether it ended with an error, other than by being cancelled. */
static inline bool sp__future_failed(const sp_future *future)
{
  return future->state == SP__FINISHED && future->result < 0;
}

/* Keeps a future, of any owner, where it is until it is let go. */
static inline void sp__future_ref(sp_future *future) { future->refs++; }
void sp__future_unref(sp_future *future);

/* A wait for it is over that gives its handle back: a task has one less, if it has one. */
void sp__future_release_handle(sp_future *future);

/* The same for a wait that could not begin. */
void sp__future_return_handle(sp_future *future);

/* 0, or SP_EINVAL with the message set: one is NULL or belongs to another loop. */
int sp__futures_check(sp_loop *loop, sp_future *const *futures, size_t count);

#endif
