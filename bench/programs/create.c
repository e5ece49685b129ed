/* Tasks that are created, run and joined, one after another or in batches of 10,000. Prints
 * nanoseconds a task. */
#include <string.h>

#include "measure.h"
#include "tasks.h"

enum { TASKS = 2000000, BATCH = 10000 };

static int nothing(void *arg)
{
  (void)arg;
  return 0;
}

static int run_batches(int count, int size)
{
  static sp_task *tasks[BATCH];
  for (int i = 0; i < count; i += size) {
    int error = run_tasks(tasks, size, nothing);
    if (error < 0) return error;
  }
  return 0;
}

static double seconds;

static int run(void *arg)
{
  const int *size = arg;
  int error = run_batches(TASKS / 5, *size);
  if (error < 0) return error;
  double began = wall_seconds();
  error = run_batches(TASKS, *size);
  seconds = wall_seconds() - began;
  return error;
}

int main(int count, char **words)
{
  int size = count != 2                       ? 0
             : strcmp(words[1], "one") == 0   ? 1
             : strcmp(words[1], "batch") == 0 ? BATCH
                                              : 0;
  if (size == 0) return usage("create one|batch");
  if (sp_run(run, &size) < 0) return EXIT_FAILURE;
  return print_figure(seconds * 1e9 / TASKS);
}
