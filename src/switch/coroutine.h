/* What a coroutine consists of. */
#ifndef SP_COROUTINE_H
#define SP_COROUTINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* For functions that contain a switch: those must have no frame of their own. */
#define SP__INLINE static inline __attribute__((always_inline))

typedef struct sp__coroutine sp__coroutine;
typedef struct sp__stacks sp__stacks;
typedef int sp__entry(void *arg);

/* Where one side of a switch continues. */
typedef struct sp__context {
  void *pointer; /* its stack pointer, or what else the implementation needs */
#ifdef SP__SWITCH_INLINE
  void *code;
  void *frame;
#endif
} sp__context;

/* What each switch touches comes first. */
struct sp__coroutine {
  sp__context context; /* while it is suspended */
  void *state;         /* the implementation's own: a canary, an unwound call chain */
  bool finished;
  uint8_t size_class; /* of the pool its stack came from */
  int result;         /* when finished: what `entry` has returned */
#ifndef SP__SWITCH_INLINE
  uint32_t state_size;
  uint32_t state_capacity;
  uint32_t exceptions; /* 0, or where the C++ runtime's state of it is kept */
#endif
  sp__entry *entry; /* runs on the coroutine's stack; when it returns the coroutine has finished */
  void *arg;        /* passed to it */
  sp__stacks *pool;
  char *stack; /* the lowest byte it may use; the owner's block lies at the top */
};

/* For a new one: copies its entry's argument. Returns where the copy begins and its frames may
 * end. */
static inline char *sp__coroutine_copy_arg(sp__coroutine *coroutine, const void *arg, size_t size)
{
  char *top = (char *)(void *)coroutine - ((size + 15) & ~(size_t)15);
  coroutine->arg = memcpy(top, arg, size);
  return top;
}

#endif
