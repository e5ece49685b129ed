/* The items of a queue: pointers that come out in one of three disciplines. */
#ifndef SP_ITEMS_H
#define SP_ITEMS_H

#include "spindle.h"

enum sp__discipline { SP__FIFO, SP__LIFO, SP__PRIORITY };

typedef struct sp__items {
  void **ring;
  size_t capacity; /* a power of two, or 0 */
  size_t head;     /* item i is ring[(head + i) & (capacity - 1)] */
  size_t count;
  sp_compare *compare; /* for SP__PRIORITY */
  enum sp__discipline discipline;
} sp__items;

/* Returns 0 on success, or SP_ENOMEM: then nothing has changed. */
int sp__items_grow(sp__items *items);

/* Restores the heap after its last item is new; and removes its first item. */
void sp__items_move_up(sp__items *items);
void *sp__items_pop_least(sp__items *items);

static inline void **sp__items_slot(const sp__items *items, size_t i)
{
  return &items->ring[(items->head + i) & (items->capacity - 1)];
}

/* Returns 0 on success, or SP_ENOMEM: then nothing has changed. */
static inline int sp__items_push(sp__items *items, void *item)
{
  if (items->count == items->capacity) {
    int error = sp__items_grow(items);
    if (error < 0) return error;
  }
  *sp__items_slot(items, items->count++) = item;
  if (items->discipline == SP__PRIORITY) sp__items_move_up(items);
  return 0;
}

/* Removes the next item; there must be one. */
static inline void *sp__items_pop(sp__items *items)
{
  if (items->discipline == SP__PRIORITY) return sp__items_pop_least(items);
  items->count--;
  if (items->discipline == SP__LIFO) return *sp__items_slot(items, items->count);
  return items->ring[items->head++ & (items->capacity - 1)];
}

#endif
