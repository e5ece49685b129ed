/* A binary heap that makes the moves of Python's heapq.
 *
 * heapq is not stable, so which of two equal entries comes first depends on how its sifting moves
 * entries. A program must wake its tasks in the same order here as on CPython, so the moves are the
 * same: an entry taken out at the top is replaced by the last one, which sifts to the bottom along
 * the smaller children, then up. */
#ifndef SP_CORE_HEAPQ_H
#define SP_CORE_HEAPQ_H

#include <stddef.h>

/* Defines NAME_move_up and NAME_move_down for an array of `type`. LESS(context, a, b) tells whether
 * entry `a` comes before `b`; `context` is the functions' first parameter. */
#define SP__HEAPQ(name, type, context_type, LESS)                                               \
  static void name##_move_up(context_type context, type *heap, size_t start, size_t position)   \
  {                                                                                             \
    type entry = heap[position];                                                                \
    while (position > start) {                                                                  \
      size_t parent = (position - 1) / 2;                                                       \
      if (!(LESS(context, entry, heap[parent]))) break;                                         \
      heap[position] = heap[parent];                                                            \
      position = parent;                                                                        \
    }                                                                                           \
    heap[position] = entry;                                                                     \
  }                                                                                             \
                                                                                                \
  static void name##_move_down(context_type context, type *heap, size_t count, size_t position) \
  {                                                                                             \
    size_t start = position;                                                                    \
    type entry = heap[position];                                                                \
    for (size_t child = 2 * position + 1; child < count; child = 2 * position + 1) {            \
      size_t right = child + 1;                                                                 \
      if (right < count && !(LESS(context, heap[child], heap[right]))) child = right;           \
      heap[position] = heap[child];                                                             \
      position = child;                                                                         \
    }                                                                                           \
    heap[position] = entry;                                                                     \
    name##_move_up(context, heap, start, position);                                             \
  }

#endif
