/* Switching by hand-written assembly: x86_64.S, aarch64.S.
 *
 * A switch saves the registers that the calling convention lets a function keep, and the stack
 * pointer. Floating-point modes (rounding, exception masks) are the thread's, not the task's. */
#include "switch/sanitizer.h"
#include "switch/stacks.h"

/* Saves this side's stack pointer to *from and goes on at `to`. */
void sp__switch(void **from, void *to);

/* What a new stack holds so that the first switch to it calls sp__switch_entered(coroutine). */
void *sp__switch_prepare(void *top, sp__coroutine *coroutine);
_Noreturn void sp__switch_entered(sp__coroutine *self);

/* The loop's side of the switch in this thread. */
typedef struct loop_side {
  void *pointer;
  const void *stack; /* for AddressSanitizer */
  size_t size;
} loop_side;

static _Thread_local loop_side loop;

void *sp__coroutine_new(sp__stacks *pool, size_t owner_size, size_t stack_size, sp__entry *entry)
{
  sp__coroutine *coroutine = sp__stack_take(pool, owner_size, stack_size);
  if (!coroutine) return NULL;
  sp__sanitizer_reuse(coroutine->stack, sp__stack_room(coroutine));
  coroutine->entry = entry;
  coroutine->pointer = sp__switch_prepare(coroutine, coroutine);
  return coroutine;
}

void sp__coroutine_free(sp__coroutine *coroutine) { sp__stack_give(coroutine); }

void sp__coroutine_resume(sp__coroutine *coroutine)
{
  void *fake = NULL;
  sp__running = coroutine;
  sp__sanitizer_leave(&fake, coroutine->stack, sp__stack_room(coroutine));
  sp__switch(&loop.pointer, coroutine->pointer);
  sp__sanitizer_arrive(fake, NULL, NULL);
  sp__running = NULL;
}

void sp__coroutine_suspend(sp__coroutine *self)
{
  void *fake = NULL;
  if (!sp__stack_canary_alive(self)) sp__stack_overran(self);
  sp__sanitizer_leave(&fake, loop.stack, loop.size);
  sp__switch(&self->pointer, loop.pointer);
  sp__sanitizer_arrive(fake, &loop.stack, &loop.size);
}

void sp__switch_entered(sp__coroutine *self)
{
  sp__sanitizer_arrive(NULL, &loop.stack, &loop.size);
  self->entry(self);
  self->finished = true;
  if (!sp__stack_canary_alive(self)) sp__stack_overran(self);
  sp__sanitizer_leave(NULL, loop.stack, loop.size);
  sp__switch(&self->pointer, loop.pointer);
  __builtin_unreachable();
}
