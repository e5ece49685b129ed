/* Switching in WebAssembly: Binaryen's Asyncify, driven from inside the module.
 *
 * A switch never passes through JavaScript. To suspend, start_unwind has every function up to
 * sp__coroutine_resume save its locals into a buffer and return; to resume, start_rewind has the
 * same functions called again restore them, down to sp__coroutine_suspend. All coroutines unwind
 * into one large buffer, from where the used bytes go to the coroutine's own: to the low end of its
 * stack if they fit beside what is in use there, else to the heap.
 *
 * The coroutine's frames begin with its entry, called through a pointer that the optimiser cannot
 * see through, and end with the function that suspends: each frame between costs about 10 ns a
 * switch.
 *
 * The functions that call the four intrinsics must stay functions of their own, or Binaryen's
 * inlining would put the intrinsics into functions that have to be instrumented: hence the exports.
 * This file is always compiled with optimisation: sp__coroutine_suspend must have no frame on the C
 * stack. */
#include <emscripten.h>
#include <emscripten/stack.h>
#include <stdlib.h>
#include <string.h>

#include "switch/idle_stacks.h"
#include "switch/switch.h"
#include "switch/switch_state.h"

#define INTRINSIC(name) __attribute__((import_module("asyncify"), import_name(name)))

/* The layout that the Asyncify pass reads. */
typedef struct unwound {
  char *position;
  char *end;
} unwound;

INTRINSIC("start_unwind") void asyncify_start_unwind(unwound *into);
INTRINSIC("stop_unwind") void asyncify_stop_unwind(void);
INTRINSIC("start_rewind") void asyncify_start_rewind(unwound *from);
INTRINSIC("stop_rewind") void asyncify_stop_rewind(void);

char *sp__stack_pointer(void);
void sp__stack_pointer_set(char *pointer);

enum {
  SMALLEST = 512,
  LARGEST = 1 << 28,
  CLASSES = 20,
  UNWIND_CAPACITY = 1 << 20,
  MARGIN = 64, /* between the saved call chain and the stack's end: more than a LINE */
  LINE = 32,   /* what is copied at once of a chain: its memory ends with a whole one */
  FREED_AT_ONCE = 1024
};

_Static_assert((size_t)SMALLEST << (CLASSES - 1) == LARGEST, "the last class is the largest");

typedef struct size_class {
  void *free; /* owners' blocks, linked by their `pointer` */
  sp__idle_stacks idle;
} size_class;

struct sp__stacks {
  size_class classes[CLASSES];
  size_t held; /* bytes of the stacks in use, and of call chains on the heap */
};

_Thread_local uint32_t sp__unsuspendable_depth = 0;

sp__switch_state sp__switch_here = {.exceptions = offsetof(sp__coroutine, exceptions)};

static char *buffer;
static unwound shared;

/* The module's own check of the C stack, where it was linked with one (-sSTACK_OVERFLOW_CHECK=2):
 * the host's JavaScript puts that export into the function table. */
typedef void set_limits(char *base, char *limit);
set_limits *sp__js_stack_check(void);

static set_limits *stack_limits;
static char *loop_base, *loop_limit, *loop_pointer;

/* --- stacks --- */

sp__stacks *sp__stacks_new(void) { return calloc(1, sizeof(sp__stacks)); }

size_t sp__stacks_held(const sp__stacks *pool) { return pool->held; }

static size_t class_size(uint8_t number) { return (size_t)SMALLEST << number; }

size_t sp__coroutine_stack_size(const sp__coroutine *coroutine)
{
  return class_size(coroutine->size_class);
}

static sp__coroutine *take_free(size_class *class)
{
  sp__coroutine *taken = class->free;
  if (taken) class->free = taken->context.pointer;
  return taken;
}

void sp__stacks_free(sp__stacks *pool)
{
  for (int i = 0; i < CLASSES; i++) {
    for (sp__coroutine *gone; (gone = take_free(&pool->classes[i]));) free(gone->stack);
  }
  free(pool);
}

bool sp__stacks_trim(sp__stacks *pool, bool period_is_over)
{
  size_t left = FREED_AT_ONCE;
  for (int i = 0; i < CLASSES; i++) {
    size_class *class = &pool->classes[i];
    if (period_is_over) sp__idle_stacks_begin_period(&class->idle);
    size_t surplus = sp__idle_stacks_surplus(&class->idle, left);
    for (size_t j = 0; j < surplus; j++) free(take_free(class)->stack);
    sp__idle_stacks_gone(&class->idle, surplus);
    left -= surplus;
  }
  return left == 0;
}

bool sp__stacks_have_idle(const sp__stacks *pool)
{
  for (int i = 0; i < CLASSES; i++) {
    if (pool->classes[i].idle.free > 0) return true;
  }
  return false;
}

static sp__coroutine *cut_block(uint8_t number, size_t owner_size)
{
  size_t block = (owner_size + 15) & ~(size_t)15;
  size_t size = class_size(number);
  char *stack = aligned_alloc(16, size);
  if (!stack) return NULL;
  sp__coroutine *coroutine = (sp__coroutine *)(void *)(stack + size - block);
  coroutine->stack = stack;
  return coroutine;
}

void *sp__coroutine_new(sp__stacks *pool, size_t owner_size, size_t stack_size)
{
  uint8_t number = 0;
  if (stack_size > LARGEST) return NULL;
  while (class_size(number) < stack_size) number++;
  sp__coroutine *coroutine = take_free(&pool->classes[number]);
  if (coroutine) {
    sp__idle_stacks_take(&pool->classes[number].idle);
  } else if (!(coroutine = cut_block(number, owner_size))) {
    return NULL;
  }
  char *stack = coroutine->stack;
  memset(coroutine, 0, owner_size);
  pool->held += class_size(number);
  coroutine->pool = pool;
  coroutine->stack = stack;
  coroutine->size_class = number;
  coroutine->context.pointer = coroutine;
  return coroutine;
}

void *sp__coroutine_new_copying(sp__stacks *pool, size_t owner_size, size_t stack_size,
                                const void *arg, size_t arg_size)
{
  sp__coroutine *coroutine = sp__coroutine_new(pool, owner_size, stack_size);
  if (coroutine) coroutine->context.pointer = sp__coroutine_copy_arg(coroutine, arg, arg_size);
  return coroutine;
}

static bool saved_on_heap(const sp__coroutine *coroutine) { return coroutine->state_capacity > 0; }

void sp__coroutine_free(sp__coroutine *coroutine)
{
  sp__stacks *pool = coroutine->pool;
  pool->held -= class_size(coroutine->size_class) + coroutine->state_capacity;
  if (saved_on_heap(coroutine)) free(coroutine->state);
  size_class *class = &pool->classes[coroutine->size_class];
  coroutine->context.pointer = class->free;
  class->free = coroutine;
  sp__idle_stacks_give(&class->idle);
}

/* --- the saved call chain --- */

static bool heap_capacity(sp__coroutine *coroutine, size_t size)
{
  if (coroutine->state_capacity >= size + LINE) return true;
  size_t capacity = size * 2 + LINE;
  char *grown = malloc(capacity);
  if (!grown) return false;
  if (saved_on_heap(coroutine)) free(coroutine->state);
  coroutine->pool->held += capacity - coroutine->state_capacity;
  coroutine->state = grown;
  coroutine->state_capacity = (uint32_t)capacity;
  return true;
}

/* Copies whole lines: most chains are one or two, and a call of memcpy would cost more. */
static void copy_chain(char *to, const char *from, size_t size)
{
  for (size_t i = 0; i < size; i += LINE) {
    uint64_t line[LINE / sizeof(uint64_t)];
    memcpy(line, from + i, LINE);
    memcpy(to + i, line, LINE);
  }
}

static void save_chain(sp__coroutine *coroutine)
{
  size_t size = (size_t)(shared.position - buffer);
  size_t unused = (size_t)((char *)coroutine->context.pointer - coroutine->stack);
  if (saved_on_heap(coroutine) || size + MARGIN > unused) {
    if (!heap_capacity(coroutine, size)) {
      sp__coroutine_overran(coroutine);
      abort();
    }
  } else {
    coroutine->state = coroutine->stack;
  }
  coroutine->state_size = (uint32_t)size;
  copy_chain(coroutine->state, buffer, size);
}

/* --- switching --- */

EMSCRIPTEN_KEEPALIVE __attribute__((noinline)) void sp__coroutine_resume(sp__coroutine *coroutine)
{
  loop_pointer = sp__stack_pointer();
  sp__switch_here.running = coroutine;
  if (stack_limits) stack_limits((char *)coroutine, coroutine->stack);
  sp__stack_pointer_set(coroutine->context.pointer);
  if (coroutine->state_size > 0) {
    shared.position = shared.end = (char *)coroutine->state + coroutine->state_size;
    sp__switch_here.rewinding = true;
    asyncify_start_rewind(&shared);
  }
  int result = coroutine->entry(coroutine->arg);
  if (sp__switch_here.unwinding) {
    sp__switch_here.unwinding = false;
    asyncify_stop_unwind();
    save_chain(coroutine);
  } else {
    coroutine->result = result;
    coroutine->finished = true;
  }
  if (stack_limits) stack_limits(loop_base, loop_limit);
  sp__stack_pointer_set(loop_pointer);
  sp__switch_here.running = NULL;
}

EMSCRIPTEN_KEEPALIVE __attribute__((noinline)) void sp__coroutine_suspend(sp__coroutine *self,
                                                                          sp__coroutine *next)
{
  (void)next;
  if (sp__switch_here.rewinding) {
    sp__switch_here.rewinding = false;
    asyncify_stop_rewind();
    return;
  }
  self->context.pointer = sp__stack_pointer();
  shared.position = buffer;
  shared.end = buffer + UNWIND_CAPACITY;
  sp__switch_here.unwinding = true;
  asyncify_start_unwind(&shared);
}

bool sp__switch_open(void)
{
  if (!stack_limits) {
    stack_limits = sp__js_stack_check();
    loop_base = (char *)emscripten_stack_get_base();
    loop_limit = (char *)emscripten_stack_get_end();
  }
  if (!buffer) buffer = malloc(UNWIND_CAPACITY + LINE);
  return buffer != NULL;
}

void sp__switch_close(void)
{
  free(buffer);
  buffer = NULL;
}

/* --- when it fails --- */

static __attribute__((noinline)) void complain(void)
{
  sp__coroutine_overran(sp__switch_here.running);
}

/* Called by the host's JavaScript when the module trapped: `overran` says that the C stack or the
 * engine's own is full; a trap in the middle of an unwind is a call chain longer than the buffer.
 * Returns false if it is neither, or no task was running. Else it has written the message, on the
 * loop's stack: nothing may use this one any more, and the module must end. */
EMSCRIPTEN_KEEPALIVE bool sp__switch_trapped(bool overran)
{
  if (!sp__switch_here.running || !(overran || sp__switch_here.unwinding)) return false;
  if (stack_limits) stack_limits(loop_base, loop_limit);
  sp__stack_pointer_set(loop_pointer);
  if (sp__switch_here.unwinding) {
    shared.position = buffer;
    asyncify_stop_unwind();
  }
  complain();
  return true;
}
