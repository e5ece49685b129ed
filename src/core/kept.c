/* Memory of waits: freed by the task that waits, or with the loop when the task never goes on. */
#include <stdlib.h>

#include "core/error.h"
#include "core/kept.h"
#include "core/list.h"
#include "core/loop.h"
#include "spindle.h"

void *sp__kept_new(sp_loop *loop, size_t size, void (*drop)(sp__kept *self))
{
  sp__kept *kept = calloc(1, size);
  if (!kept) {
    sp__fail(SP_ENOMEM, NULL);
    return NULL;
  }
  kept->drop = drop;
  SP__LIST_APPEND(&loop->kept, kept);
  return kept;
}

void sp__kept_free(sp_loop *loop, sp__kept *kept)
{
  SP__LIST_REMOVE(&loop->kept, kept);
  free(kept);
}

void sp__kept_free_all(sp_loop *loop)
{
  while (loop->kept.first) {
    sp__kept *kept = loop->kept.first;
    kept->drop(kept);
    sp__kept_free(loop, kept);
  }
}
