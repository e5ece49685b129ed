/* One who is told of the end of many futures. */
#ifndef SP_CORE_WATCH_H
#define SP_CORE_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/future.h"
#include "core/loop_owned.h"
#include "spindle.h"

/* What asyncio's done-callback is there: it is told in the same place of the same iteration. */
typedef struct sp__watch {
  sp__waiter waiter;
  struct sp__watches *all;
  sp_future *future; /* held; NULL: let go */
  uint32_t place;    /* for the owner */
  bool again;        /* the future stands there twice: this watch does nothing */
  bool waits;        /* it stands at the future or in the ready queue */
} sp__watch;

/* Several in one block of memory, which begins with this and stays until the last that waits has
 * been told: a handle in the ready queue cannot be taken back. */
typedef struct sp__watches {
  sp__loop_owned owned;
  sp_loop *loop;
  void (*tell)(sp__watch *watch); /* the future is done */
  sp_future outer;                /* for the owner to wait for */
  sp__watch *each;
  size_t count;
  size_t different; /* how many are not `again` */
  size_t waiting;
  bool closed;
} sp__watches;

/* A block of `size` bytes, zeroed but for the sp__watches of these futures with which it begins.
 * None waits yet. NULL with the message set when out of memory. */
void *sp__watches_new(sp_loop *loop, size_t size, void (*tell)(sp__watch *watch),
                      sp_future *const *futures, size_t count);

/* Waits for the end of its future; one that is done already is told of in the next iteration. */
void sp__watch_begin(sp__watch *watch);
void sp__watches_begin(sp__watches *watches);

/* Waits no longer, unless it stands in the ready queue. */
void sp__watch_end(sp__watch *watch);
void sp__watch_let_go(sp__watch *watch);

/* The owner is through: ends each watch, lets each future go. A late one is still told of. */
void sp__watches_close(sp__watches *watches);

#endif
