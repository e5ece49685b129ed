/* A barrier lets its parties go together, again and again, unless it is reset or broken. */
#include <stdio.h>

#include "spindle.h"

static sp_barrier barrier;

static int worker(void *name)
{
  for (int round = 1; round <= 2; round++) {
    int number = sp_barrier_wait(&barrier);
    printf("%s, round %d: number %d\n", (const char *)name, round, number);
  }
  return 0;
}

static void together(void)
{
  sp_task *a = sp_create_task(worker, "a");
  sp_task *b = sp_create_task(worker, "b");
  sp_task *c = sp_create_task(worker, "c");
  sp_sleep(0);
  sp_await(a);
  sp_await(b);
  sp_await(c);
  printf("waiting %d of %d\n", sp_barrier_n_waiting(&barrier), sp_barrier_parties(&barrier));
}

static int one_round(void *name)
{
  int number = sp_barrier_wait(&barrier);
  if (number < 0) {
    printf("%s: %s\n", (const char *)name, sp_error_message());
  } else {
    printf("%s: number %d\n", (const char *)name, number);
  }
  return number == SP_ECANCELED ? number : 0;
}

static void reset(void)
{
  sp_task *a = sp_create_task(one_round, "a");
  sp_task *b = sp_create_task(one_round, "b");
  sp_sleep(0);
  printf("waiting %d\n", sp_barrier_n_waiting(&barrier));
  sp_barrier_reset(&barrier);
  sp_task *c = sp_create_task(one_round, "c");
  sp_await(a);
  sp_await(b);
  printf("c waits: %d\n", sp_barrier_n_waiting(&barrier));
  sp_task_cancel(c, "c gives up");
  sp_await(c);
  printf("waiting %d\n", sp_barrier_n_waiting(&barrier));
}

static void broken(void)
{
  sp_task *a = sp_create_task(one_round, "a");
  sp_sleep(0);
  sp_barrier_abort(&barrier);
  sp_await(a);
  one_round("main");
  printf("broken %d\n", sp_barrier_broken(&barrier));
  sp_barrier_reset(&barrier);
  printf("broken %d\n", sp_barrier_broken(&barrier));
}

static int run(void *arg)
{
  (void)arg;
  sp_barrier_init(&barrier, 3);
  together();
  reset();
  broken();
  return 0;
}

int main(void) { return sp_run(run, NULL); }
