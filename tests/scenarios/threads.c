/* A function runs in a thread, or in a later turn where there are none, while tasks go on. */
#include <stdio.h>

#include "spindle.h"

static int product(void *arg)
{
  int *factors = arg;
  return factors[0] * factors[1];
}

static int fails(void *arg) { return sp_fail(SP_EUSER, "no luck with %s", (const char *)arg); }

static int in_task(void *arg) { return sp_to_thread(product, arg); }

static int ticks(void *arg)
{
  int *count = arg;
  for (;;) {
    if (sp_sleep(0) < 0) return SP_ECANCELED;
    ++*count;
  }
}

static int run(void *arg)
{
  (void)arg;
  int count = 0;
  sp_task *ticker = sp_create_task(ticks, &count);
  static int factors[][2] = {{6, 7}, {3, 5}, {10, 10}};
  sp_task *tasks[3];
  for (int i = 0; i < 3; i++) tasks[i] = sp_create_task(in_task, factors[i]);
  for (int i = 0; i < 3; i++) printf("%d\n", sp_await(tasks[i]));
  int failed = sp_to_thread(fails, "threads");
  printf("fails: %d: %s\n", failed, sp_error_message());
  printf("others went on: %d\n", count > 0);
  sp_task *dropped = sp_create_task(in_task, factors[0]);
  sp_sleep(0);
  sp_task_cancel(dropped, NULL);
  printf("cancelled: %s\n", sp_error_name(sp_await(dropped)));
  sp_task_cancel(ticker, NULL);
  sp_await(ticker);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
