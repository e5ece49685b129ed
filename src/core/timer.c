/* The heap of timers, ordered as asyncio orders its own (heapq.h). */
#include <stdlib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/heapq.h"
#include "core/timer.h"
#include "spindle.h"

/* asyncio rebuilds its heap when more than this many timers are scheduled, over half cancelled. */
enum { REBUILD_ABOVE = 100 };

#define IS_BEFORE(context, a, b) ((void)(context), (a).when < (b).when)
SP__HEAPQ(timers, sp__timer, const sp__timers *, IS_BEFORE)

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
  timers_move_up(timers, timers->heap, 0, timers->count++);
  return 0;
}

sp__call *sp__timers_pop(sp__timers *timers)
{
  sp__call *call = timers->heap[0].call;
  sp__timer last = timers->heap[--timers->count];
  if (timers->count > 0) {
    timers->heap[0] = last;
    timers_move_down(timers, timers->heap, timers->count, 0);
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
  for (size_t i = kept / 2; i-- > 0;) timers_move_down(timers, timers->heap, kept, i);
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
