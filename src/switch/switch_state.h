/* What JavaScript must know of the switch by Asyncify (host/js/exceptions.js). */
#ifndef SP_SWITCH_STATE_H
#define SP_SWITCH_STATE_H

#include "switch/coroutine.h"

/* JavaScript knows the members' offsets. */
typedef struct sp__switch_state {
  sp__coroutine *running; /* NULL: the loop */
  bool unwinding;         /* the running one leaves its stack, */
  bool rewinding;         /* or enters it again */
  size_t exceptions;      /* the offset of that member in an sp__coroutine */
} sp__switch_state;

extern sp__switch_state sp__switch_here;

#endif
