/* Loop-owned memory: a task has it on the heap while it waits, and its loop frees it if closed
 * first. */
#ifndef SP_CORE_LOOP_OWNED_H
#define SP_CORE_LOOP_OWNED_H

#include <stddef.h>

#include "spindle.h"

/* The first member of what a task has on the heap while it waits. A loop that is closed meanwhile
 * frees it: the task never will. */
typedef struct sp__loop_owned {
  struct sp__loop_owned *previous, *next;
  void (*drop)(struct sp__loop_owned *self); /* releases its contents before the loop frees it */
} sp__loop_owned;

/* Returns `size` zeroed bytes that begin with an sp__loop_owned; or NULL with the message set. */
void *sp__loop_owned_new(sp_loop *loop, size_t size, void (*drop)(sp__loop_owned *self));
void sp__loop_owned_free(sp_loop *loop, sp__loop_owned *owned);
void sp__loop_owned_free_all(sp_loop *loop);

#endif
