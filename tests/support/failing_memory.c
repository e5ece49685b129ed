#include "failing_memory.h"

#include <stdatomic.h>
#include <stddef.h>

static atomic_long countdown; /* 1: the next one fails; 0 and below: none */
static atomic_bool counting;
static atomic_bool for_good; /* those after it fail, too */
static atomic_long blocks;

void memory_fails_at(long n, bool and_all_after)
{
  atomic_store(&for_good, and_all_after);
  atomic_store(&countdown, n);
  atomic_store(&counting, n > 0);
}

bool memory_has_failed(void) { return atomic_load(&counting) && atomic_load(&countdown) <= 0; }

long memory_blocks(void) { return atomic_load(&blocks); }

bool memory_fails(void)
{
  if (!atomic_load(&counting)) return false;
  long left = atomic_fetch_sub(&countdown, 1);
  return left == 1 || (left < 1 && atomic_load(&for_good));
}

bool memory_fails_for_good(void) { return memory_has_failed() && atomic_load(&for_good); }

void *memory_got(void *block)
{
  if (block) atomic_fetch_add(&blocks, 1);
  return block;
}

void *memory_gone(void *block)
{
  if (block) atomic_fetch_sub(&blocks, 1);
  return block;
}
