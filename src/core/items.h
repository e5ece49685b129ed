/* What is in a queue: pointers that come out in one of three orders. */
#ifndef SP_ITEMS_H
#define SP_ITEMS_H

#include "spindle.h"

enum sp__order { SP__FIFO, SP__LIFO, SP__PRIORITY };

typedef struct sp__items {
  void **ring;
  size_t room; /* a power of two, or 0 */
  size_t head; /* item i is ring[(head + i) & (room - 1)] */
  size_t count;
  sp_compare *compare; /* for SP__PRIORITY */
  enum sp__order order;
} sp__items;

/* 0, or SP_ENOMEM: then nothing has changed. */
int sp__items_push(sp__items *items, void *item);

/* Takes out the one whose turn it is; there must be one. */
void *sp__items_pop(sp__items *items);

#endif
