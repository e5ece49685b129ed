/* Tasks that wait for each other and for a sleep. Run with a number of seconds, it waits so long that
 * a page can look at it meanwhile and end the sleep: see tests/inspect.test.mjs. */
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

static double seconds;
static sp_lock lock = {.locked = true};

static int sleeps(void *arg)
{
  (void)arg;
  int error = sp_sleep(seconds);
  sp_lock_release(&lock);
  return error;
}

static int locks(void *arg)
{
  (void)arg;
  int error = sp_lock_acquire(&lock);
  return error < 0 ? error : sp_lock_release(&lock);
}

static int joins(void *task) { return sp_await((sp_task *)task); }

static int gathers(void *arg)
{
  sp_task *const *tasks = arg;
  return sp_gather(tasks, 3, NULL);
}

static int counts(sp_generator *self, void *arg)
{
  int error = locks(arg);
  return error < 0 ? error : sp_yield(self, NULL);
}

static int asks(void *arg)
{
  (void)arg;
  void *value;
  sp_generator *generator = sp_generator_new(counts, NULL);
  int result = sp_generator_next(generator, &value);
  sp_generator_free(generator);
  return result;
}

static int run(void *arg)
{
  (void)arg;
  sp_task_options named = {.name = "the sleeper \"\xf0\x9f\xa6\x86\""};
  sp_task *sleeper = sp_create_task_with(sleeps, NULL, &named);
  sp_task *gathered[] = {sp_task_ref(sleeper), sp_task_ref(sleeper), sp_create_task(locks, NULL)};
  sp_task *tasks[] = {sp_create_task(joins, sleeper), sp_create_task(gathers, gathered),
                      sp_create_task(asks, NULL)};
  printf("begins\n");
  fflush(stdout);
  int results[3];
  sp_gather_all(tasks, 3, results);
  for (int i = 0; i < 3; i++) printf("%s\n", sp_strerror(results[i]));
  return 0;
}

int main(int argc, char **argv)
{
  seconds = argc > 1 ? atof(argv[1]) : 0;
  if (!(seconds > 0)) seconds = 0.2;
  return sp_run(run, NULL);
}
