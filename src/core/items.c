/* The items of a queue: a ring that grows, used as a FIFO, a LIFO or a heap. */
#include <stdlib.h>

#include "core/error.h"
#include "core/heapq.h"
#include "core/items.h"
#include "spindle.h"

enum { FIRST_CAPACITY = 16 };

int sp__items_grow(sp__items *items)
{
  size_t capacity = items->capacity ? items->capacity * 2 : FIRST_CAPACITY;
  void **ring = capacity > SIZE_MAX / sizeof *ring ? NULL : malloc(capacity * sizeof *ring);
  if (!ring) return sp__fail(SP_ENOMEM, NULL);
  for (size_t i = 0; i < items->count; i++) ring[i] = *sp__items_slot(items, i);
  free(items->ring);
  items->ring = ring;
  items->capacity = capacity;
  items->head = 0;
  return 0;
}

/* --- the heap; its head is always 0 --- */

#define IS_BEFORE(items, a, b) ((items)->compare((a), (b)) < 0)
typedef void *item;
SP__HEAPQ(items, item, const sp__items *, IS_BEFORE)

void sp__items_move_up(sp__items *items) { items_move_up(items, items->ring, 0, items->count - 1); }

void *sp__items_pop_least(sp__items *items)
{
  void *least = items->ring[0];
  items->ring[0] = items->ring[--items->count];
  if (items->count > 0) items_move_down(items, items->ring, items->count, 0);
  return least;
}
