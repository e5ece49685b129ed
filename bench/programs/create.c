/* Tasks that are created, run and joined, one after another or in batches of 10,000. Prints
 * nanoseconds a task. */
#include <spindle.h>
#include <string.h>

#include "measure.h"

enum { TASKS = 2000000, BATCH = 10000 };

static int nothing(void *arg)
{
  (void)arg;
  return 0;
}

static int run_batch(sp_task **tasks, int size)
{
  for (int i = 0; i < size; i++) {
    tasks[i] = sp_create_task(nothing, NULL);
    if (!tasks[i]) return SP_ENOMEM;
  }
  for (int i = 0; i < size; i++) {
    int error = sp_await(tasks[i]);
    if (error < 0) return error;
  }
  return 0;
}

static int run_batches(int count, int size)
{
  static sp_task *tasks[BATCH];
  for (int i = 0; i < count; i += size) {
    int error = run_batch(tasks, size);
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
