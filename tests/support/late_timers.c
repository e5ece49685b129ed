/* For scenarios that say "@links late_timers": a machine so busy that the thread does not run for
 * some milliseconds whenever libuv's timer was started. */
#define _POSIX_C_SOURCE 200809L
#include <stdint.h>
#include <time.h>

/* The linker's names: `__wrap_x` is called for x, `__real_x` is x. */
int __real_uv_timer_start(void *timer, void *callback, uint64_t timeout, uint64_t repeat);
int __wrap_uv_timer_start(void *timer, void *callback, uint64_t timeout, uint64_t repeat);

int __wrap_uv_timer_start(void *timer, void *callback, uint64_t timeout, uint64_t repeat)
{
  int error = __real_uv_timer_start(timer, callback, timeout, repeat);
  nanosleep(&(struct timespec){.tv_nsec = 3000000}, NULL);
  return error;
}
