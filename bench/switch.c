/* The raw switch: one resume and one suspend, 100 coroutines in turn, each suspended at the same
 * depth of calls. Prints "depth nanoseconds", the best of 5 runs, for depths 0, 4 and 16. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/list.h"
#include "switch/switch.h"

enum { COROUTINES = 100, ROUNDS = 20000, RUNS = 5 };

typedef struct owner {
  sp__coroutine coroutine;
} owner;

static int depth;
static volatile int level;         /* written after each call, so that it stays a call */
static volatile bool going = true; /* so that no compiler proves that the recursion never ends */

/* Not to be made a loop: each call is to have a frame. */
static __attribute__((noinline)) int descend(sp__coroutine *self, int left)
{
  if (left > 0) {
    int below = descend(self, left - 1);
    level = left;
    return below;
  }
  while (going) sp__coroutine_suspend(self, NULL);
  return 0;
}

static int entry(void *coroutine) { return descend(coroutine, depth); }

static double now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double run(owner **owners)
{
  double began = now();
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < COROUTINES; i++) sp__coroutine_resume(&owners[i]->coroutine);
  }
  return (now() - began) / ((double)ROUNDS * COROUTINES);
}

static double best_of_runs(sp__stacks *pool)
{
  owner *owners[COROUTINES];
  for (int i = 0; i < COROUTINES; i++) {
    owners[i] = sp__coroutine_new(pool, sizeof *owners[i], 16384);
    if (!owners[i]) abort();
    owners[i]->coroutine.entry = entry;
    owners[i]->coroutine.arg = &owners[i]->coroutine;
    sp__coroutine_resume(&owners[i]->coroutine);
  }
  double best = run(owners);
  for (int i = 1; i < RUNS; i++) {
    double again = run(owners);
    if (again < best) best = again;
  }
  return best;
}

int main(void)
{
  static const int depths[] = {0, 4, 16};
  sp__stacks *pool = sp__stacks_new();
  if (!pool || !sp__switch_open()) return 1;
  for (int i = 0; i < 3; i++) {
    depth = depths[i];
    printf("%d %.3f\n", depth, best_of_runs(pool));
  }
  sp__stacks_free(pool);
  sp__switch_close();
  return 0;
}
