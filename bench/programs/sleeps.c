/* 100,000 tasks that each sleep 10 times, for 0 to 10 ms. Prints the processor's seconds of the
 * whole process. */
#include "measure.h"
#include "tasks.h"

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
  return run_tasks(tasks, TASKS, sleeper);
}

int main(void)
{
  if (sp_run(run, NULL) < 0) return EXIT_FAILURE;
  return print_figure(seconds_of(CLOCK_PROCESS_CPUTIME_ID));
}
