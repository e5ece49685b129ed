/* One who is told of the end of many futures. */
#ifndef SP_CORE_OBSERVER_H
#define SP_CORE_OBSERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/future.h"
#include "core/loop_owned.h"
#include "spindle.h"

/* What asyncio's done-callback is there: it is told in the same place of the same iteration. */
typedef struct sp__observer {
  sp__waiter waiter;
  struct sp__observers *block;
  sp_future *future; /* held; NULL: let go */
  uint32_t index;    /* for the owner */
  bool again;        /* the future stands there twice: this observer does nothing */
  bool waits;        /* it stands at the future or in the ready queue */
} sp__observer;

/* Several in one block of memory, which begins with this and stays until the last that waits has
 * been told: a handle in the ready queue cannot be taken back. */
typedef struct sp__observers {
  sp__loop_owned owned;
  sp_loop *loop;
  void (*tell)(sp__observer *observer); /* the future is done */
  sp_future outer;                      /* for the owner to wait for */
  sp__observer *each;
  size_t count;
  size_t different; /* how many are not `again` */
  size_t waiting;
  bool closed;
} sp__observers;

/* A block of `size` bytes, zeroed but for the sp__observers of these futures with which it begins.
 * None waits yet. NULL with the message set when out of memory. */
void *sp__observers_new(sp_loop *loop, size_t size, void (*tell)(sp__observer *observer),
                        sp_future *const *futures, size_t count);

/* Waits for the end of its future; one that is done already is told of in the next iteration. */
void sp__observer_begin(sp__observer *observer);
void sp__observers_begin(sp__observers *observers);

/* Waits no longer, unless it stands in the ready queue. */
void sp__observer_end(sp__observer *observer);
void sp__observer_unref_future(sp__observer *observer);

/* The owner is through: ends each observer, lets each future go. A late one is still told of. */
void sp__observers_close(sp__observers *observers);

#endif
