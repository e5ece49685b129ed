/* libuv alone, without tasks: 100,000 timers that each fire 10 times, after 0 to 10 ms. Prints the
 * processor's seconds of the whole process. usage: uv_timers sleeps */
#include <string.h>
#include <uv.h>

#include "measure.h"

enum { TIMERS = 100000, SLEEPS = 10 };

typedef struct sleeper {
  uv_timer_t timer;
  int left;
} sleeper;

static unsigned long long state = 88172645463325252u;

static void sleep_on(uv_timer_t *timer)
{
  sleeper *self = (sleeper *)timer;
  if (self->left-- == 0) {
    uv_close((uv_handle_t *)timer, NULL);
    return;
  }
  uint64_t milliseconds = (draw(&state) % 10000 + 500) / 1000;
  if (uv_timer_start(timer, sleep_on, milliseconds, 0) != 0) abort();
}

int main(int count, char **words)
{
  static sleeper sleepers[TIMERS];
  if (count != 2 || strcmp(words[1], "sleeps") != 0) return usage("uv_timers sleeps");
  for (int i = 0; i < TIMERS; i++) {
    sleepers[i].left = SLEEPS;
    if (uv_timer_init(uv_default_loop(), &sleepers[i].timer) != 0) return EXIT_FAILURE;
    sleep_on(&sleepers[i].timer);
  }
  if (uv_run(uv_default_loop(), UV_RUN_DEFAULT) != 0) return EXIT_FAILURE;
  return print_figure(seconds_of(CLOCK_PROCESS_CPUTIME_ID));
}
