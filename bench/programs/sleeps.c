/* 100,000 tasks that each sleep 10 times, for 0 to 10 ms. Prints the processor's seconds of the
 * whole process. */
#include <spindle.h>

#include "measure.h"

enum { TASKS = 100000, SLEEPS = 10 };

static unsigned long long state = 88172645463325252u;

static int sleeper(void *arg)
{
  (void)arg;
  for (int i = 0; i < SLEEPS; i++) {
    int error = sp_sleep((double)(draw(&state) % 10000) * 1e-6);
    if (error < 0) return error;
  }
  return 0;
}

static int run(void *arg)
{
  (void)arg;
  static sp_task *tasks[TASKS];
  for (int i = 0; i < TASKS; i++) {
    tasks[i] = sp_create_task(sleeper, NULL);
    if (!tasks[i]) return SP_ENOMEM;
  }
  for (int i = 0; i < TASKS; i++) {
    int error = sp_await(tasks[i]);
    if (error < 0) return error;
  }
  return 0;
}

int main(void)
{
  if (sp_run(run, NULL) < 0) return EXIT_FAILURE;
  return print_figure(seconds_of(CLOCK_PROCESS_CPUTIME_ID));
}
