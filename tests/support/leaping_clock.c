/* For scenarios that say "@links leaping_clock": a thread that is kept from running for a second between
 * each two readings of its clock. */
#include <stdatomic.h>
#include <stdint.h>

/* The linker's names: `__wrap_x` is called for x, `__real_x` is x. */
uint64_t __real_uv_hrtime(void);
uint64_t __wrap_uv_hrtime(void);

static _Atomic uint64_t readings;

uint64_t __wrap_uv_hrtime(void)
{
  return __real_uv_hrtime() + atomic_fetch_add(&readings, 1) * UINT64_C(1000000000);
}
