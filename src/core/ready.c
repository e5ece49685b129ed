/* The ready queue: a ring of pointers with a slot for every runnable that lives. */
#include <stdlib.h>

#include "core/error.h"
#include "core/ready.h"
#include "spindle.h"

enum { FIRST_ROOM = 64 };

int sp__ready_grow(sp__ready *ready)
{
  uint32_t room = ready->ring ? (ready->mask + 1) * 2 : FIRST_ROOM;
  if (room == 0) return sp__fail(SP_ENOMEM, NULL);
  sp__runnable **ring = malloc(room * sizeof *ring);
  if (!ring) return sp__fail(SP_ENOMEM, NULL);
  uint32_t mask = room - 1;
  for (uint32_t at = ready->head; at != ready->tail; at++) {
    ring[at & mask] = ready->ring[at & ready->mask];
  }
  free(ready->ring);
  ready->ring = ring;
  ready->mask = mask;
  return 0;
}
