/* 100,000 passes through a semaphore of 20 permits, by 1,000 tasks, each pass with a yield inside.
 * Prints milliseconds in all. */
#include "measure.h"
#include "tasks.h"

enum { TASKS = 1000, PASSES = 100, PERMITS = 20 };

static sp_semaphore semaphore;
static double seconds;

static int pass(void *arg)
{
  (void)arg;
  for (int i = 0; i < PASSES; i++) {
    int error = sp_semaphore_acquire(&semaphore);
    if (error < 0) return error;
    error = sp_sleep(0);
    int released = sp_semaphore_release(&semaphore);
    if (error < 0 || released < 0) return error < 0 ? error : released;
  }
  return 0;
}

static int run_all(void)
{
  static sp_task *tasks[TASKS];
  return run_tasks(tasks, TASKS, pass);
}

static int run(void *arg)
{
  (void)arg;
  int error = sp_semaphore_init(&semaphore, PERMITS);
  if (error >= 0) error = run_all();
  if (error < 0) return error;
  double began = wall_seconds();
  error = run_all();
  seconds = wall_seconds() - began;
  return error;
}

int main(void)
{
  if (sp_run(run, NULL) < 0) return EXIT_FAILURE;
  return print_figure(seconds * 1e3);
}
