#include "failing_memory.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

/* The linker's names: `__wrap_x` is called for x, `__real_x` is x. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *block);
void *__real_mmap(void *at, size_t size, int allowed, int flags, int file, off_t offset);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void __wrap_free(void *block);
void *__wrap_mmap(void *at, size_t size, int allowed, int flags, int file, off_t offset);

static atomic_long countdown; /* 1: the next one fails; 0 and below: none */
static atomic_bool counting;
static atomic_long blocks;

void memory_fails_at(long n)
{
  atomic_store(&countdown, n);
  atomic_store(&counting, n > 0);
}

bool memory_has_failed(void) { return atomic_load(&counting) && atomic_load(&countdown) <= 0; }

long memory_blocks(void) { return atomic_load(&blocks); }

static bool fails(void) { return atomic_load(&counting) && atomic_fetch_sub(&countdown, 1) == 1; }

static void *counted(void *block)
{
  if (block) atomic_fetch_add(&blocks, 1);
  return block;
}

void *__wrap_malloc(size_t size) { return fails() ? NULL : counted(__real_malloc(size)); }

void *__wrap_calloc(size_t count, size_t size)
{
  return fails() ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
  if (fails()) return NULL;
  return block ? __real_realloc(block, size) : counted(__real_realloc(NULL, size));
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
  return fails() ? NULL : counted(__real_aligned_alloc(alignment, size));
}

void __wrap_free(void *block)
{
  if (block) atomic_fetch_sub(&blocks, 1);
  __real_free(block);
}

void *__wrap_mmap(void *at, size_t size, int allowed, int flags, int file, off_t offset)
{
  return fails() ? MAP_FAILED : __real_mmap(at, size, allowed, flags, file, offset);
}
