/* Emscripten's malloc and the like are weak, for a program to replace: these stand in for them, on top
 * of the same allocator. */
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "failing_memory.h"

void *emscripten_builtin_malloc(size_t size);
void *emscripten_builtin_memalign(size_t alignment, size_t size);
void emscripten_builtin_free(void *block);

enum { ASYNCIFYS_OWN = 4096 + 12 };

/* Emscripten does not expect that what it saves main() in cannot be had. The host asks for that much
 * just before, and gives it back, so that it is there. */
static bool fails(size_t size)
{
  return size == ASYNCIFYS_OWN ? memory_fails_for_good() : memory_fails();
}

void *malloc(size_t size)
{
  return fails(size) ? NULL : memory_got(emscripten_builtin_malloc(size));
}

void *calloc(size_t count, size_t size)
{
  void *block = size == 0 || count <= (size_t)-1 / size ? malloc(count * size) : NULL;
  return block ? memset(block, 0, count * size) : NULL;
}

void free(void *block) { emscripten_builtin_free(memory_gone(block)); }

void *realloc(void *block, size_t size)
{
  void *moved = malloc(size);
  if (!moved || !block) return moved;
  size_t kept = malloc_usable_size(block);
  memcpy(moved, block, kept < size ? kept : size);
  free(block);
  return moved;
}

void *aligned_alloc(size_t alignment, size_t size)
{
  return memory_fails() ? NULL : memory_got(emscripten_builtin_memalign(alignment, size));
}
