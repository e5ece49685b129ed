/* Observers: one callback for the ends of many futures. */
#ifndef SP_CORE_OBSERVER_H
#define SP_CORE_OBSERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/future.h"
#include "core/loop_owned.h"
#include "spindle.h"

/* Corresponds to an asyncio done-callback: notified at the same point of the same iteration. */
typedef struct sp__observer {
  sp__waiter waiter;
  struct sp__observers *block;
  sp_future *future; /* referenced; NULL: released */
  uint32_t index;    /* for the owner */
  bool again;        /* the future is listed twice: this observer does nothing */
  bool waits;        /* it is in the future's list or in the ready queue */
} sp__observer;

/* A block of memory with several observers, which begins with this and is freed when the last
 * waiting one has been notified: a runnable cannot be removed from the ready queue. */
typedef struct sp__observers {
  sp__loop_owned owned;
  sp_loop *loop;
  void (*tell)(sp__observer *observer); /* the future is done */
  sp_future outer;                      /* for the owner to wait on */
  sp__observer *each;
  size_t count;
  size_t different; /* how many are not `again` */
  size_t waiting;
  bool closed;
} sp__observers;

/* Returns a block of `size` bytes, which begins with the sp__observers of these futures and is
 * otherwise zeroed. None waits yet. NULL with the message set when out of memory. */
void *sp__observers_new(sp_loop *loop, size_t size, void (*tell)(sp__observer *observer),
                        sp_future *const *futures, size_t count);

/* Waits for the end of the future; if that is done already, the observer is notified in the next
 * iteration. */
void sp__observer_begin(sp__observer *observer);
void sp__observers_begin(sp__observers *observers);

/* Stops waiting, unless the observer is in the ready queue. */
void sp__observer_end(sp__observer *observer);
void sp__observer_unref_future(sp__observer *observer);

/* The owner is done with them: ends each observer, releases each future. One in the ready queue
 * still runs. */
void sp__observers_close(sp__observers *observers);

#endif
