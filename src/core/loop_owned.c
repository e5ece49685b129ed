/* Loop-owned memory: freed by the task that waits, or with the loop if the task never continues. */
#include <stdlib.h>

#include "core/error.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/loop_owned.h"
#include "spindle.h"

void *sp__loop_owned_new(sp_loop *loop, size_t size, void (*drop)(sp__loop_owned *self))
{
  sp__loop_owned *owned = calloc(1, size);
  if (!owned) {
    sp__fail(SP_ENOMEM, NULL);
    return NULL;
  }
  owned->drop = drop;
  SP__LIST_APPEND(&loop->owned, owned);
  return owned;
}

void sp__loop_owned_free(sp_loop *loop, sp__loop_owned *owned)
{
  SP__LIST_REMOVE(&loop->owned, owned);
  free(owned);
}

void sp__loop_owned_free_all(sp_loop *loop)
{
  while (loop->owned.first) {
    sp__loop_owned *owned = loop->owned.first;
    owned->drop(owned);
    sp__loop_owned_free(loop, owned);
  }
}
