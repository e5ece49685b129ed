/* Coroutines that are switched by assembly (switch_inline.h): how one begins and ends. */
#include <stdlib.h>
#include <string.h>

#include "switch/switch.h"

_Thread_local sp__loop_side sp__loop_side_here;

bool sp__switch_is_direct(void)
{
  const char *preloaded = getenv("LD_PRELOAD");
  return !preloaded || !strstr(preloaded, "/vgpreload_");
}

/* Where the first switch to a new stack jumps to. */
static _Noreturn void begin(void)
{
  sp__coroutine *self = sp__running;
  sp__coroutine_arrive(NULL);
  self->result = self->entry(self->arg);
  self->finished = true;
  if (!sp__stack_canary_alive(self)) sp__stack_overran(self);
  sp__coroutine *next = SP__SANITIZER_READS_STACKS ? NULL : sp__coroutine_ended(self);
  if (next) sp__running = next;
  sp__sanitizer_leave(NULL, sp__loop_side_here.stack, sp__loop_side_here.size);
  sp__switch_for_good(next ? &next->context : &sp__loop_side_here.context);
}

/* Aligned as after a call, whose return address of 0 ends a debugger's stack walk. */
static void prepare(sp__coroutine *coroutine, const void *end)
{
  char *top = (char *)((uintptr_t)end & ~(uintptr_t)15);
#ifdef __x86_64__
  top -= sizeof(void *);
  *(void **)(void *)top = NULL;
#endif
  coroutine->context.pointer = top;
  coroutine->context.code = (void *)(uintptr_t)begin;
}

static inline sp__coroutine *take(sp__stacks *pool, size_t owner_size, size_t stack_size)
{
  sp__coroutine *coroutine = sp__stack_take(pool, owner_size, stack_size);
  if (coroutine) sp__sanitizer_reuse(coroutine->stack, sp__stack_capacity(coroutine));
  return coroutine;
}

void *sp__coroutine_new(sp__stacks *pool, size_t owner_size, size_t stack_size)
{
  sp__coroutine *coroutine = take(pool, owner_size, stack_size);
  if (coroutine) prepare(coroutine, coroutine);
  return coroutine;
}

void *sp__coroutine_new_copying(sp__stacks *pool, size_t owner_size, size_t stack_size,
                                const void *arg, size_t arg_size)
{
  sp__coroutine *coroutine = take(pool, owner_size, stack_size);
  if (coroutine) prepare(coroutine, sp__coroutine_copy_arg(coroutine, arg, arg_size));
  return coroutine;
}

void sp__coroutine_free(sp__coroutine *coroutine) { sp__stack_give(coroutine); }
