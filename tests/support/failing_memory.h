/* Memory that fails when a test wants it to: the program's malloc, calloc, realloc, aligned_alloc and
 * mmap go through here (-Wl,--wrap), those of shared libraries do not. */
#ifndef FAILING_MEMORY_H
#define FAILING_MEMORY_H

#include <stdbool.h>

/* The n-th allocation from now on fails, and no other; 0: none. */
void memory_fails_at(long n);

/* Whether that allocation was asked for. */
bool memory_has_failed(void);

/* How many blocks are allocated and not freed. */
long memory_blocks(void);

#endif
