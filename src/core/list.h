/* Linked lists. A list is a struct with `first` and `last`; the items of a doubly linked one have
 * `previous` and `next`, those of a queue only `next`. */
#ifndef SP_LIST_H
#define SP_LIST_H

#include <stddef.h>

#define SP__OWNER(pointer, type, member) \
  ((type *)(void *)(((char *)(pointer)) - offsetof(type, member)))

#define SP__QUEUE_APPEND(queue, item) \
  do {                                \
    (item)->next = NULL;              \
    if ((queue)->last) {              \
      (queue)->last->next = (item);   \
    } else {                          \
      (queue)->first = (item);        \
    }                                 \
    (queue)->last = (item);           \
  } while (0)

#define SP__LIST_APPEND(list, item)  \
  do {                               \
    (item)->previous = (list)->last; \
    SP__QUEUE_APPEND(list, item);    \
  } while (0)

#define SP__LIST_REMOVE(list, item)              \
  do {                                           \
    if ((item)->previous) {                      \
      (item)->previous->next = (item)->next;     \
    } else {                                     \
      (list)->first = (item)->next;              \
    }                                            \
    if ((item)->next) {                          \
      (item)->next->previous = (item)->previous; \
    } else {                                     \
      (list)->last = (item)->previous;           \
    }                                            \
  } while (0)

#endif
