/* Native stacks: guarded, pooled, and where a task's memory is.
 *
 * Each size class reserves large ranges of addresses and cuts them into stacks; the kernel gives
 * memory page by page when a page is first touched, which costs more than everything else in making
 * a task. So a freed stack is the next to be used again, and the owner's block lies on the stack's
 * top page. Tops are staggered by 64 bytes: at power-of-two distances they would share cache sets.
 * Stacks that nobody needed for a while give their memory back and keep their addresses. */
#include "switch/stacks.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "switch/idle_stacks.h"
#include "switch/sanitizer.h"
#include "switch/switch.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102 /* Linux 6.13: a guard that does not split the mapping */
#endif

enum {
  SMALLEST = 16384,
  CLASSES = 12, /* 16 KiB to 32 MiB */
  STAGGER = 64,
  STAGGERED = 16,
  FIRST_CHUNK = 1 << 20,
  LARGEST_CHUNK = 1 << 30,
  COOLED_AT_ONCE = 256 /* some 0.5 ms */
};

/* A frame that is larger than a page can leap over a guard of one, unless its compiler touches each
 * page on the way (-fstack-clash-protection). Where it cannot, the guard is larger by this. */
#ifdef SP__WIDE_GUARDS
enum { MORE_GUARD = 1 << 20 };
#else
enum { MORE_GUARD = 0 };
#endif

static const uint64_t CANARY = SP__CANARY;

typedef struct chunk {
  struct chunk *next;
  char *base;
  size_t size;
} chunk;

/* What a block holds whether its stack is in use or free, and must hold again after its memory was
 * given back. */
typedef struct cut_stack {
  sp__coroutine *block;
  char *stack;
  void *canary;
} cut_stack;

typedef struct size_class {
  void *free; /* owners' blocks, linked by their first word; the last freed is first */
  sp__idle_stacks idle;
  cut_stack *cold; /* free, too; taken after the others */
  size_t cold_count;
  size_t cold_capacity;
  char *cut; /* what is left of the newest chunk */
  char *end;
  size_t last_chunk;
  uint32_t count; /* how many were cut, for the stagger */
} size_class;

struct sp__stacks {
  size_class classes[CLASSES];
  chunk *chunks;
  size_t page;
  size_t last_asked;
  size_class *last_found; /* its class */
  size_t owner_size;      /* of all blocks: they share the stacks */
  bool guards_work;       /* MADV_GUARD_INSTALL does what it says */
  bool guards_refused;    /* this kernel does not know it */
  size_t split;           /* guards that split a mapping in two */
};

_Thread_local uint32_t sp__unsuspendable_depth = 0;

/* Those of all loops. */
static atomic_size_t split_guards;

/* Their limit: each guard that splits a mapping costs two mappings, and half of all mappings are
 * left to the rest of the process, whose threads and large blocks need some. */
static size_t split_guards_max;

static void find_split_guards_max(void)
{
  unsigned long mappings = 65530; /* Linux's default */
  FILE *file = fopen("/proc/sys/vm/max_map_count", "re");
  if (file) {
    if (fscanf(file, "%lu", &mappings) != 1) mappings = 65530;
    (void)fclose(file);
  }
  split_guards_max = mappings / 4;
}

sp__stacks *sp__stacks_new(void)
{
  sp__stacks *pool = calloc(1, sizeof *pool);
  if (pool) pool->page = (size_t)sysconf(_SC_PAGESIZE);
  return pool;
}

void sp__stacks_free(sp__stacks *pool)
{
  while (pool->chunks) {
    chunk *gone = pool->chunks;
    pool->chunks = gone->next;
    sp__sanitizer_stacks_gone(gone->base, gone->size);
    munmap(gone->base, gone->size);
    free(gone);
  }
  for (int i = 0; i < CLASSES; i++) free(pool->classes[i].cold);
  atomic_fetch_sub_explicit(&split_guards, pool->split, memory_order_relaxed);
  free(pool);
}

static size_t class_size(uint8_t number) { return (size_t)SMALLEST << number; }

size_t sp__stacks_held(const sp__stacks *pool)
{
  size_t held = 0;
  for (int number = 0; number < CLASSES; number++) {
    const size_class *class = &pool->classes[number];
    held += (class->count - class->idle.free - class->cold_count) * class_size((uint8_t)number);
  }
  return held;
}

size_t sp__coroutine_stack_size(const sp__coroutine *coroutine)
{
  return class_size(coroutine->size_class);
}

static bool add_chunk(sp__stacks *pool, size_class *class, size_t stack)
{
  size_t size = class->last_chunk ? class->last_chunk * 2 : FIRST_CHUNK;
  if (size > LARGEST_CHUNK) size = LARGEST_CHUNK;
  if (size < stack) size = stack;
  chunk *added = malloc(sizeof *added);
  if (!added) return false;
  char *base = mmap(NULL, size, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (base == MAP_FAILED) {
    free(added);
    return false;
  }
  (void)madvise(base, size, MADV_NOHUGEPAGE); /* a kernel without huge pages refuses: fine */
  *added = (chunk){.next = pool->chunks, .base = base, .size = size};
  pool->chunks = added;
  sp__sanitizer_stacks_added(base, size);
  class->cut = base;
  class->end = base + size;
  class->last_chunk = size;
  return true;
}

/* Whether the kernel itself cannot read the page. An emulator may accept an advice that it ignores.
 * The kernel is asked in a way that keeps a debugging tool, which does not know of the guard, from
 * reading there either. */
static bool is_out_of_reach(char *page)
{
  char byte;
  struct iovec here = {.iov_base = &byte, .iov_len = 1};
  struct iovec there = {.iov_base = page, .iov_len = 1};
  return process_vm_readv(getpid(), &here, 1, &there, 1, 0) < 0 && errno == EFAULT;
}

static bool guard_in_place(sp__stacks *pool, char *stack)
{
  if (SP__SANITIZER_READS_STACKS || pool->guards_refused) return false;
  bool installed = madvise(stack, MORE_GUARD + pool->page, MADV_GUARD_INSTALL) == 0;
  if (!pool->guards_work) pool->guards_work = installed && is_out_of_reach(stack);
  pool->guards_refused = !pool->guards_work;
  return installed && pool->guards_work;
}

static bool guard_by_split(sp__stacks *pool, char *stack)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, find_split_guards_max);
  bool may = atomic_fetch_add_explicit(&split_guards, 1, memory_order_relaxed) < split_guards_max;
  if (may && mprotect(stack, MORE_GUARD + pool->page, PROT_NONE) == 0) {
    pool->split++;
    return true;
  }
  atomic_fetch_sub_explicit(&split_guards, 1, memory_order_relaxed);
  return false;
}

/* The lowest page of a stack must not be touched. Where the process can have no more guards, a
 * canary that is checked at each suspension replaces it. */
static bool guard(sp__stacks *pool, char *lowest)
{
  return guard_in_place(pool, lowest) || guard_by_split(pool, lowest);
}

static void fill_block(sp__stacks *pool, uint8_t number, cut_stack cut)
{
  cut.block->pool = pool;
  cut.block->size_class = number;
  cut.block->stack = cut.stack;
  cut.block->state = cut.canary;
  if (cut.canary) memcpy(cut.canary, &CANARY, sizeof CANARY);
}

static void *cut_block(sp__stacks *pool, uint8_t number, size_t owner_size)
{
  size_class *class = &pool->classes[number];
  size_t size = class_size(number);
  size_t needed = MORE_GUARD + size;
  bool fits = (size_t)(class->end - class->cut) >= needed;
  if (!fits && !add_chunk(pool, class, needed)) return NULL;
  char *lowest = class->cut;
  char *stack = lowest + MORE_GUARD;
  class->cut += needed;
  pool->owner_size = owner_size;
  size_t stagger = (class->count++ % STAGGERED) * STAGGER;
  size_t block = (owner_size + STAGGER - 1) & ~(size_t)(STAGGER - 1);
  sp__coroutine *coroutine = (sp__coroutine *)(void *)(stack + size - stagger - block);
  bool guarded = guard(pool, lowest);
  fill_block(pool, number,
             (cut_stack){.block = coroutine,
                         .stack = guarded ? stack + pool->page : stack + sizeof CANARY,
                         .canary = guarded ? NULL : stack});
  return coroutine;
}

/* The guard takes a page: where pages are large, so is the smallest stack. Returns NULL when no
 * class is large enough. */
static __attribute__((noinline)) size_class *find_class(sp__stacks *pool, size_t stack_size)
{
  uint8_t number = 0;
  if (stack_size > class_size(CLASSES - 1)) return NULL;
  size_t needed = stack_size * SP__SANITIZER_STACK_FACTOR;
  if (needed < 4 * pool->page) needed = 4 * pool->page;
  while (number < CLASSES && class_size(number) < needed) number++;
  if (number == CLASSES) return NULL;
  pool->last_asked = stack_size;
  return pool->last_found = &pool->classes[number];
}

/* Most tasks ask for the size that the last one asked for. */
static inline size_class *class_for(sp__stacks *pool, size_t stack_size)
{
  bool same = pool->last_found && stack_size == pool->last_asked;
  return same ? pool->last_found : find_class(pool, stack_size);
}

/* --- giving memory back --- */

static bool reserve_cold(size_class *class)
{
  if (class->cold_count < class->cold_capacity) return true;
  size_t capacity = class->cold_capacity ? class->cold_capacity * 2 : 64;
  cut_stack *cold = realloc(class->cold, capacity * sizeof *cold);
  if (!cold) return false;
  class->cold = cold;
  class->cold_capacity = capacity;
  return true;
}

static bool cool_one(const sp__stacks *pool, size_class *class, size_t size)
{
  sp__coroutine *block = class->free;
  cut_stack cold = {.block = block, .stack = block->stack, .canary = block->state};
  char *base = cold.canary ? cold.canary : cold.stack - pool->page;
  void *next = block->context.pointer;
  if (!reserve_cold(class)) return false;
  if (madvise(base, size, MADV_DONTNEED) != 0) return false;
  class->cold[class->cold_count++] = cold;
  class->free = next;
  return true;
}

static sp__coroutine *warm_one(sp__stacks *pool, uint8_t number)
{
  size_class *class = &pool->classes[number];
  cut_stack cold = class->cold[--class->cold_count];
  fill_block(pool, number, cold);
  return cold.block;
}

static size_t cool(sp__stacks *pool, uint8_t number, size_t most)
{
  size_t count = 0;
  size_class *class = &pool->classes[number];
  size_t surplus = sp__idle_stacks_surplus(&class->idle, most);
  while (count < surplus && cool_one(pool, class, class_size(number))) count++;
  sp__idle_stacks_gone(&class->idle, count);
  return count;
}

bool sp__stacks_trim(sp__stacks *pool, bool period_is_over)
{
  size_t left = COOLED_AT_ONCE;
  for (int number = 0; number < CLASSES; number++) {
    if (period_is_over) sp__idle_stacks_begin_period(&pool->classes[number].idle);
    left -= cool(pool, (uint8_t)number, left);
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

/* Takes a stack that has no memory yet, or none any more. Returns NULL when out of memory. */
static __attribute__((noinline)) sp__coroutine *take_without_memory(sp__stacks *pool,
                                                                    const size_class *class,
                                                                    size_t owner_size)
{
  uint8_t number = (uint8_t)(class - pool->classes);
  bool any_cold = class->cold_count > 0;
  return any_cold ? warm_one(pool, number) : cut_block(pool, number, owner_size);
}

sp__coroutine *sp__stack_take(sp__stacks *pool, size_t owner_size, size_t stack_size)
{
  size_class *class = class_for(pool, stack_size);
  if (!class) return NULL;
  sp__coroutine *coroutine = class->free;
  if (coroutine) {
    class->free = coroutine->context.pointer;
    sp__idle_stacks_take(&class->idle);
  } else if (!(coroutine = take_without_memory(pool, class, owner_size))) {
    return NULL;
  }
  sp__sanitizer_reuse(coroutine, owner_size);
  coroutine->finished = false;
  memset(coroutine + 1, 0, owner_size - sizeof *coroutine);
  return coroutine;
}

/* Only the frames next to the owner: marking takes time. */
static void mark_pooled(const sp__stacks *pool, const sp__coroutine *coroutine)
{
  size_t capacity = sp__stack_capacity(coroutine);
  size_t top = capacity < pool->page ? capacity : pool->page;
  sp__sanitizer_pooled((const char *)coroutine - top, top);
  sp__sanitizer_pooled(coroutine + 1, pool->owner_size - sizeof *coroutine);
}

void sp__stack_give(sp__coroutine *coroutine)
{
  sp__stacks *pool = coroutine->pool;
  size_class *class = &pool->classes[coroutine->size_class];
  if (sp__running == coroutine) sp__running = NULL;
  coroutine->context.pointer = class->free;
  class->free = coroutine;
  sp__idle_stacks_give(&class->idle);
  mark_pooled(pool, coroutine);
}

bool sp__stack_is_guard(const sp__coroutine *coroutine, const void *address)
{
  const char *end = coroutine->stack;
  const char *at = address;
  return !coroutine->state && at < end && at >= end - sysconf(_SC_PAGESIZE) - MORE_GUARD;
}
