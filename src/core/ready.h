/* The ready queue: what the loop will call, in FIFO order. */
#ifndef SP_CORE_READY_H
#define SP_CORE_READY_H

#include <assert.h>
#include <stdint.h>

/* Something the loop will call. Embedded in its owner, and in the queue at most once, so a queue
 * with a slot for each existing runnable can never be full. */
typedef struct sp__runnable {
  void (*run)(struct sp__runnable *self);
} sp__runnable;

typedef struct sp__ready {
  sp__runnable **ring;
  uint32_t mask; /* capacity - 1; capacity is a power of two */
  uint32_t head; /* only counts up; the next to run is ring[head & mask] */
  uint32_t tail;
  uint32_t reserved; /* runnables that have a slot reserved */
} sp__ready;

/* Reserves a slot for one runnable, to be released when the runnable is freed. Returns 0 on
 * success, or SP_ENOMEM. */
int sp__ready_grow(sp__ready *ready);

static inline int sp__ready_reserve(sp__ready *ready)
{
  if (ready->reserved == ready->mask) {
    int error = sp__ready_grow(ready);
    if (error < 0) return error;
  }
  ready->reserved++;
  return 0;
}

static inline void sp__ready_release(sp__ready *ready)
{
  assert(ready->reserved > 0);
  ready->reserved--;
}

static inline void sp__ready_push(sp__ready *ready, sp__runnable *runnable)
{
  assert(ready->tail - ready->head < ready->reserved); /* rule 1: it has a slot reserved */
  ready->ring[ready->tail++ & ready->mask] = runnable;
}

static inline sp__runnable *sp__ready_pop(sp__ready *ready)
{
  return ready->ring[ready->head++ & ready->mask];
}

static inline uint32_t sp__ready_count(const sp__ready *ready) { return ready->tail - ready->head; }

#endif
