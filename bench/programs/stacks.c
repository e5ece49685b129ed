/* 100,000 tasks on stacks that nobody had before, all of them parked. Prints microseconds for the
 * creation of one and its first step. */
#include <spindle.h>

#include "measure.h"

enum { TASKS = 100000 };

static int park(void *arg)
{
  (void)arg;
  return sp_sleep(1e6);
}

static double seconds;

static int run(void *arg)
{
  (void)arg;
  double began = wall_seconds();
  for (int i = 0; i < TASKS; i++) {
    if (!sp_create_task(park, NULL)) return SP_ENOMEM;
  }
  int error = sp_sleep(0);
  seconds = wall_seconds() - began;
  return error;
}

int main(void)
{
  if (sp_run(run, NULL) < 0) return EXIT_FAILURE;
  return print_figure(seconds * 1e6 / TASKS);
}
