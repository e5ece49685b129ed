/* The linker's --wrap: `__wrap_x` is called for x, `__real_x` is x. What shared libraries allocate does
 * not come this way. */
#include <stddef.h>
#include <sys/mman.h>

#include "failing_memory.h"

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

void *__wrap_malloc(size_t size) { return memory_fails() ? NULL : memory_got(__real_malloc(size)); }

void *__wrap_calloc(size_t count, size_t size)
{
  return memory_fails() ? NULL : memory_got(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
  if (memory_fails()) return NULL;
  return block ? __real_realloc(block, size) : memory_got(__real_realloc(NULL, size));
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
  return memory_fails() ? NULL : memory_got(__real_aligned_alloc(alignment, size));
}

void __wrap_free(void *block) { __real_free(memory_gone(block)); }

void *__wrap_mmap(void *at, size_t size, int allowed, int flags, int file, off_t offset)
{
  return memory_fails() ? MAP_FAILED : __real_mmap(at, size, allowed, flags, file, offset);
}
