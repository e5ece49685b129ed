/* Timers: a binary heap that orders as Python's heapq does.
 *
 * heapq is not stable: which of two equal deadlines comes first depends on how its sifting moves
 * entries. A program must wake its tasks in the same order here as on CPython, so the moves are the
 * same: a popped heap sifts its last entry to the bottom along the smaller children, then up. */
#include <stdlib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/timer.h"
#include "spindle.h"

/* asyncio rebuilds its heap when more than this many timers are scheduled, over half cancelled. */
enum { REBUILD_ABOVE = 100 };

static void move_up(sp__timer *heap, size_t start, size_t position)
{
  sp__timer entry = heap[position];
  while (position > start) {
    size_t parent = (position - 1) / 2;
    if (!(entry.when < heap[parent].when)) break;
    heap[position] = heap[parent];
    position = parent;
  }
  heap[position] = entry;
}

static void move_down(sp__timer *heap, size_t count, size_t position)
{
  size_t start = position;
  sp__timer entry = heap[position];
  for (size_t child = 2 * position + 1; child < count; child = 2 * position + 1) {
    size_t right = child + 1;
    if (right < count && !(heap[child].when < heap[right].when)) child = right;
    heap[position] = heap[child];
    position = child;
  }
  heap[position] = entry;
  move_up(heap, start, position);
}

int sp__timers_push(sp__timers *timers, double when, sp__call *call)
{
  if (timers->count == timers->capacity) {
    size_t capacity = timers->capacity ? timers->capacity * 2 : 64;
    sp__timer *heap = realloc(timers->heap, capacity * sizeof *heap);
    if (!heap) return sp__fail(SP_ENOMEM, NULL);
    timers->heap = heap;
    timers->capacity = capacity;
  }
  timers->heap[timers->count] = (sp__timer){.when = when, .call = call};
  move_up(timers->heap, 0, timers->count++);
  return 0;
}

sp__call *sp__timers_pop(sp__timers *timers)
{
  sp__call *call = timers->heap[0].call;
  sp__timer last = timers->heap[--timers->count];
  if (timers->count > 0) {
    timers->heap[0] = last;
    move_down(timers->heap, timers->count, 0);
  }
  call->in_heap = false;
  return call;
}

static void rebuild(sp__timers *timers)
{
  size_t kept = 0;
  for (size_t i = 0; i < timers->count; i++) {
    if (timers->heap[i].call->cancelled) {
      sp__call_free(timers->heap[i].call);
    } else {
      timers->heap[kept++] = timers->heap[i];
    }
  }
  timers->count = kept;
  timers->cancelled = 0;
  for (size_t i = kept / 2; i-- > 0;) move_down(timers->heap, kept, i);
}

void sp__timers_drop_cancelled(sp__timers *timers)
{
  if (timers->count > REBUILD_ABOVE && timers->cancelled * 2 > timers->count) {
    rebuild(timers);
    return;
  }
  while (timers->count > 0 && timers->heap[0].call->cancelled) {
    timers->cancelled--;
    sp__call_free(sp__timers_pop(timers));
  }
}
