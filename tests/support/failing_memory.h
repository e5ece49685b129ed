/* Memory that fails when a test wants it to. Natively the program's own calls of malloc and the like,
 * and of mmap, go through here (failing_memory_native.c), on the web also JavaScript's
 * (failing_memory_web.c). */
#ifndef FAILING_MEMORY_H
#define FAILING_MEMORY_H

#include <stdbool.h>

/* The n-th allocation from now on fails, alone or with all that follow; 0: none. */
void memory_fails_at(long n, bool and_all_after);

/* Whether that allocation was asked for. */
bool memory_has_failed(void);

/* How many blocks are allocated and not freed. */
long memory_blocks(void);

/* --- for those who stand in for malloc --- */

/* Whether the allocation that is asked for now is to fail. */
bool memory_fails(void);

/* Whether all do, since one before: for those that cannot be the first to fail. */
bool memory_fails_for_good(void);

/* Counts a block that was allocated (NULL: it was not) or is to be freed, and returns it. */
void *memory_got(void *block);
void *memory_gone(void *block);

#endif
