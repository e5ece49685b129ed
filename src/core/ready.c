/* The ready queue: a ring of pointers with a slot for every existing runnable. */
#include <stdlib.h>

#include "core/error.h"
#include "core/ready.h"
#include "spindle.h"

enum { FIRST_CAPACITY = 64 };

int sp__ready_grow(sp__ready *ready)
{
  uint32_t capacity = ready->ring ? (ready->mask + 1) * 2 : FIRST_CAPACITY;
  if (capacity == 0) return sp__fail(SP_ENOMEM, NULL);
  sp__runnable **ring = malloc(capacity * sizeof *ring);
  if (!ring) return sp__fail(SP_ENOMEM, NULL);
  uint32_t mask = capacity - 1;
  for (uint32_t at = ready->head; at != ready->tail; at++) {
    ring[at & mask] = ready->ring[at & ready->mask];
  }
  free(ready->ring);
  ready->ring = ring;
  ready->mask = mask;
  return 0;
}
