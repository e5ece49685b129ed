/* How many stacks of a pool are not needed: the minimum of free ones over a period. */
#ifndef SP_IDLE_STACKS_H
#define SP_IDLE_STACKS_H

#include <stddef.h>

typedef struct sp__idle_stacks {
  size_t free;     /* how many are free now */
  size_t unneeded; /* the fewest that were free since the period began */
  size_t surplus;  /* how many the last period showed not to be needed */
} sp__idle_stacks;

static inline void sp__idle_stacks_take(sp__idle_stacks *idle)
{
  if (--idle->free < idle->unneeded) idle->unneeded = idle->free;
}

static inline void sp__idle_stacks_give(sp__idle_stacks *idle) { idle->free++; }

static inline void sp__idle_stacks_begin_period(sp__idle_stacks *idle)
{
  idle->surplus = idle->unneeded;
  idle->unneeded = idle->free;
}

/* How many may be released, at most `most`. */
static inline size_t sp__idle_stacks_surplus(sp__idle_stacks *idle, size_t most)
{
  if (idle->surplus > idle->unneeded) idle->surplus = idle->unneeded;
  return most < idle->surplus ? most : idle->surplus;
}

/* So many were released. */
static inline void sp__idle_stacks_gone(sp__idle_stacks *idle, size_t count)
{
  idle->free -= count;
  idle->unneeded -= count;
  idle->surplus -= count;
}

#endif
