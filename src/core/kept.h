/* Memory that a task has on the heap while it waits, and that its loop frees if it is closed meanwhile. */
#ifndef SP_CORE_KEPT_H
#define SP_CORE_KEPT_H

#include <stddef.h>

#include "spindle.h"

/* The beginning of what a task has on the heap while it waits. A loop that is closed meanwhile
 * frees it: the task never will. */
typedef struct sp__kept {
  struct sp__kept *previous, *next;
  void (*drop)(struct sp__kept *self); /* what it has, before it is freed with the loop */
} sp__kept;

/* `size` bytes, zeroed, that begin with an sp__kept; or NULL with the message set. */
void *sp__kept_new(sp_loop *loop, size_t size, void (*drop)(sp__kept *self));
void sp__kept_free(sp_loop *loop, sp__kept *kept);
void sp__kept_free_all(sp_loop *loop);

#endif
