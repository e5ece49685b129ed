/* The items of a queue: a ring that grows, used as a FIFO, a LIFO or a heap.
 *
 * The heap makes the moves of Python's heapq, as that of the timers does: items that compare equal
 * come out in the same order. */
#include <stdlib.h>

#include "core/error.h"
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

static void move_up(const sp__items *items, size_t position)
{
  void **heap = items->ring;
  void *item = heap[position];
  while (position > 0) {
    size_t parent = (position - 1) / 2;
    if (items->compare(item, heap[parent]) >= 0) break;
    heap[position] = heap[parent];
    position = parent;
  }
  heap[position] = item;
}

/* Sifts down to the bottom along the smaller children, then up. */
static void move_down(const sp__items *items)
{
  void **heap = items->ring;
  void *item = heap[0];
  size_t position = 0;
  for (size_t child = 1; child < items->count; child = 2 * position + 1) {
    size_t right = child + 1;
    if (right < items->count && items->compare(heap[child], heap[right]) >= 0) child = right;
    heap[position] = heap[child];
    position = child;
  }
  heap[position] = item;
  move_up(items, position);
}

void sp__items_move_up(sp__items *items) { move_up(items, items->count - 1); }

void *sp__items_pop_least(sp__items *items)
{
  void *least = items->ring[0];
  items->ring[0] = items->ring[--items->count];
  if (items->count > 0) move_down(items);
  return least;
}
