/* The heap of timers. */
#ifndef SP_CORE_TIMER_H
#define SP_CORE_TIMER_H

#include <stddef.h>

#include "core/call.h"

typedef struct sp__timer {
  double when;
  sp__call *call;
} sp__timer;

typedef struct sp__timers {
  sp__timer *heap;
  size_t count;
  size_t capacity;
  size_t cancelled; /* in the heap until they come up; those that were due by then remain counted,
                       as in asyncio */
} sp__timers;

int sp__timers_push(sp__timers *timers, double when, sp__call *call);
sp__call *sp__timers_pop(sp__timers *timers);

/* Frees the cancelled calls at the top of the heap, or all of them when they are many. */
void sp__timers_drop_cancelled(sp__timers *timers);

#endif
