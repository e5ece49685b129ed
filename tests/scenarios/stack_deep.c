/* A task with a large stack suspends and goes on at any depth; small ones do beside it. */
#include <stdio.h>

#include "spindle.h"

static int sum_down(int depth)
{
  volatile char frame[64];
  frame[depth % 64] = (char)depth;
  if (depth == 0) return sp_sleep(0.001);
  if (depth % 250 == 0) sp_sleep(0);
  return sum_down(depth - 1) + (frame[depth % 64] == (char)depth);
}

static int deep(void *arg) { return sum_down(*(int *)arg); }

static int run(void *arg)
{
  (void)arg;
  static int depths[] = {2000, 3, 1000, 40};
  sp_task *tasks[4];
  for (int i = 0; i < 4; i++) {
    sp_task_options options = {.stack_size = depths[i] > 100 ? 4u << 20 : 16384};
    tasks[i] = sp_create_task_with(deep, &depths[i], &options);
  }
  for (int i = 0; i < 4; i++) printf("%d\n", sp_await(tasks[i]));
  return 0;
}

int main(void) { return sp_run(run, NULL); }
