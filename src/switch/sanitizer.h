/* What AddressSanitizer must be told when the stack changes. Nothing at all in other builds. */
#ifndef SP_SANITIZER_H
#define SP_SANITIZER_H

#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define SP__ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SP__ASAN 1
#endif
#endif

#ifdef SP__ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>

/* Instrumented frames are several times as large. The leak checker reads the stacks, so it has to
 * see the guards in the process's list of mappings. */
enum { SP__SANITIZER_STACK_FACTOR = 4, SP__SANITIZER_READS_STACKS = 1 };

static inline void sp__sanitizer_stacks_added(const void *base, size_t size)
{
  __lsan_register_root_region(base, size);
}

static inline void sp__sanitizer_stacks_gone(const void *base, size_t size)
{
  __lsan_unregister_root_region(base, size);
  __asan_unpoison_memory_region(base, size);
}

static inline void sp__sanitizer_leave(void **fake, const void *to, size_t size)
{
  __sanitizer_start_switch_fiber(fake, to, size);
}

static inline void sp__sanitizer_arrive(void *fake, const void **from, size_t *size)
{
  __sanitizer_finish_switch_fiber(fake, from, size);
}

/* Any access to a pooled stack, or to its owner, is reported. */
static inline void sp__sanitizer_pooled(const void *base, size_t size)
{
  __asan_poison_memory_region(base, size);
}

/* For a pooled stack; a finished coroutine never leaves its first frame, so its red zones are still
 * marked. */
static inline void sp__sanitizer_reuse(const void *stack, size_t size)
{
  __asan_unpoison_memory_region(stack, size);
}
#else
enum { SP__SANITIZER_STACK_FACTOR = 1, SP__SANITIZER_READS_STACKS = 0 };

static inline void sp__sanitizer_stacks_added(const void *base, size_t size)
{
  (void)base, (void)size;
}

static inline void sp__sanitizer_stacks_gone(const void *base, size_t size)
{
  (void)base, (void)size;
}

static inline void sp__sanitizer_leave(void **fake, const void *to, size_t size)
{
  (void)fake, (void)to, (void)size;
}

static inline void sp__sanitizer_arrive(void *fake, const void **from, size_t *size)
{
  (void)fake, (void)from, (void)size;
}

static inline void sp__sanitizer_pooled(const void *base, size_t size) { (void)base, (void)size; }

static inline void sp__sanitizer_reuse(const void *stack, size_t size) { (void)stack, (void)size; }
#endif

#endif
