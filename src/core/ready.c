/* The ready queue: a ring of pointers with a place for every handle that lives. */
#include <stdlib.h>

#include "core/core.h"

enum { FIRST_ROOM = 64 };

int sp__ready_grow(sp__ready *ready)
{
  uint32_t room = ready->ring ? (ready->mask + 1) * 2 : FIRST_ROOM;
  if (room == 0) return sp__fail(SP_ENOMEM, NULL);
  sp__handle **ring = malloc(room * sizeof *ring);
  if (!ring) return sp__fail(SP_ENOMEM, NULL);
  uint32_t count = sp__ready_count(ready);
  for (uint32_t i = 0; i < count; i++) ring[i] = ready->ring[(ready->head + i) & ready->mask];
  free(ready->ring);
  ready->ring = ring;
  ready->mask = room - 1;
  ready->head = 0;
  ready->tail = count;
  return 0;
}
