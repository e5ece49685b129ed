/* For scenarios that say "@links old_kernel": a Linux before 6.13, which knows no guard that leaves a
 * mapping whole. */
#include <errno.h>
#include <stddef.h>

enum { GUARD_INSTALL = 102 };

/* The linker's names: `__wrap_x` is called for x, `__real_x` is x. */
int __real_madvise(void *at, size_t size, int advice);
int __wrap_madvise(void *at, size_t size, int advice);

int __wrap_madvise(void *at, size_t size, int advice)
{
  if (advice != GUARD_INSTALL) return __real_madvise(at, size, advice);
  errno = EINVAL;
  return -1;
}
