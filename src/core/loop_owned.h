/* Memory that a task has on the heap while it waits, and that its loop frees if it is closed meanwhile. */
#ifndef SP_CORE_LOOP_OWNED_H
#define SP_CORE_LOOP_OWNED_H

#include <stddef.h>

#include "spindle.h"

/* The beginning of what a task has on the heap while it waits. A loop that is closed meanwhile
 * frees it: the task never will. */
typedef struct sp__loop_owned {
  struct sp__loop_owned *previous, *next;
  void (*drop)(struct sp__loop_owned *self); /* what it has, before it is freed with the loop */
} sp__loop_owned;

/* `size` bytes, zeroed, that begin with an sp__loop_owned; or NULL with the message set. */
void *sp__loop_owned_new(sp_loop *loop, size_t size, void (*drop)(sp__loop_owned *self));
void sp__loop_owned_free(sp_loop *loop, sp__loop_owned *owned);
void sp__loop_owned_free_all(sp_loop *loop);

#endif
