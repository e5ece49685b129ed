/* Native stacks, shared by the implementations that switch real stacks (asm and ucontext). */
#ifndef SP_STACKS_H
#define SP_STACKS_H

#include <string.h>

#include "switch/coroutine.h"

#define SP__CANARY UINT64_C(0x7370696e646c6521)

/* Takes a stack with an owner's block at its top, zeroed after the sp__coroutine, whose context and
 * entry the caller sets. Returns NULL when out of memory, or when more than the largest stack was
 * asked for. */
sp__coroutine *sp__stack_take(sp__stacks *pool, size_t owner_size, size_t stack_size);
void sp__stack_give(sp__coroutine *coroutine);

/* The number of bytes below the owner's block. */
static inline size_t sp__stack_capacity(const sp__coroutine *coroutine)
{
  return (size_t)((const char *)coroutine - coroutine->stack);
}

/* False when an unguarded stack was overrun: `state` points to its canary, at its low end. */
static inline bool sp__stack_canary_alive(const sp__coroutine *coroutine)
{
  const uint64_t canary = SP__CANARY;
  return !coroutine->state || memcmp(coroutine->state, &canary, sizeof canary) == 0;
}

/* Whether the address is in the page that guards this stack. */
bool sp__stack_is_guard(const sp__coroutine *coroutine, const void *address);

/* overrun.c: the coroutine that ran last in this thread, for the handler that sees a guard touched;
 * NULL when that was freed. */
extern _Thread_local sp__coroutine *sp__running;

/* Ends the program with the message of sp__coroutine_overran. */
_Noreturn void sp__stack_overran(const sp__coroutine *coroutine);

#endif
