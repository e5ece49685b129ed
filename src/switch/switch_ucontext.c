/* Switching by ucontext: slow, and available wherever the C library has makecontext. */
#include <stdlib.h>
#include <ucontext.h>

#include "switch/exceptions.h"
#include "switch/sanitizer.h"
#include "switch/stacks.h"
#include "switch/switch.h"

static _Thread_local ucontext_t loop_context;
static _Thread_local const void *loop_stack;
static _Thread_local size_t loop_stack_size;

static void entered(void)
{
  sp__coroutine *self = sp__running;
  sp__sanitizer_arrive(NULL, &loop_stack, &loop_stack_size);
  self->result = self->entry(self->arg);
  self->finished = true;
  if (!sp__stack_canary_alive(self)) sp__stack_overran(self);
  sp__sanitizer_leave(NULL, loop_stack, loop_stack_size);
  setcontext(&loop_context);
}

static sp__coroutine *take(sp__stacks *pool, size_t owner_size, size_t stack_size)
{
  ucontext_t *context = malloc(sizeof *context);
  sp__coroutine *coroutine = context ? sp__stack_take(pool, owner_size, stack_size) : NULL;
  if (!coroutine || getcontext(context) != 0) {
    if (coroutine) sp__stack_give(coroutine);
    free(context);
    return NULL;
  }
  sp__sanitizer_reuse(coroutine->stack, sp__stack_capacity(coroutine));
  coroutine->context.pointer = context;
  return coroutine;
}

static void prepare(sp__coroutine *coroutine, const void *end)
{
  ucontext_t *context = coroutine->context.pointer;
  context->uc_stack.ss_sp = coroutine->stack;
  context->uc_stack.ss_size = (size_t)((const char *)end - coroutine->stack);
  context->uc_link = NULL;
  makecontext(context, entered, 0);
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

void sp__coroutine_free(sp__coroutine *coroutine)
{
  free(coroutine->context.pointer);
  sp__stack_give(coroutine);
}

void sp__coroutine_resume(sp__coroutine *coroutine)
{
  void *fake = NULL;
  sp__exceptions own = sp__exceptions_take();
  sp__running = coroutine;
  sp__sanitizer_leave(&fake, coroutine->stack, sp__stack_capacity(coroutine));
  swapcontext(&loop_context, coroutine->context.pointer);
  sp__sanitizer_arrive(fake, NULL, NULL);
  sp__exceptions_put(own);
}

void sp__coroutine_suspend(sp__coroutine *self, sp__coroutine *next)
{
  (void)next; /* the loop, always */
  void *fake = NULL;
  sp__exceptions own = sp__exceptions_take();
  if (!sp__stack_canary_alive(self)) sp__stack_overran(self);
  sp__sanitizer_leave(&fake, loop_stack, loop_stack_size);
  swapcontext(self->context.pointer, &loop_context);
  sp__sanitizer_arrive(fake, &loop_stack, &loop_stack_size);
  sp__exceptions_put(own);
}
