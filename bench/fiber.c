/* The same as switch.c with Emscripten's own fibers, which switch through JavaScript. */
#include <emscripten/fiber.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { FIBERS = 100, ROUNDS = 2000, RUNS = 5, STACK = 16384 };

typedef struct one {
  emscripten_fiber_t fiber;
  _Alignas(16) char c_stack[STACK];
  _Alignas(16) char asyncify_stack[STACK];
} one;

static emscripten_fiber_t loop;
static _Alignas(16) char loop_asyncify_stack[STACK];
static int depth;
static volatile int level;         /* written after each call, so that it stays a call */
static volatile bool going = true; /* so that no compiler proves that the recursion never ends */

static __attribute__((noinline)) int descend(emscripten_fiber_t *self, int left)
{
  if (left > 0) {
    int below = descend(self, left - 1);
    level = left;
    return below;
  }
  while (going) emscripten_fiber_swap(self, &loop);
  return 0;
}

static void entry(void *self) { descend(self, depth); }

static double now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double run(one *fibers)
{
  double began = now();
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < FIBERS; i++) emscripten_fiber_swap(&loop, &fibers[i].fiber);
  }
  return (now() - began) / ((double)ROUNDS * FIBERS);
}

static double best_of_runs(void)
{
  one *fibers = aligned_alloc(16, FIBERS * sizeof *fibers);
  if (!fibers) abort();
  for (int i = 0; i < FIBERS; i++) {
    emscripten_fiber_init(&fibers[i].fiber, entry, &fibers[i].fiber, fibers[i].c_stack, STACK,
                          fibers[i].asyncify_stack, STACK);
    emscripten_fiber_swap(&loop, &fibers[i].fiber);
  }
  double best = run(fibers);
  for (int i = 1; i < RUNS; i++) {
    double again = run(fibers);
    if (again < best) best = again;
  }
  free(fibers);
  return best;
}

int main(void)
{
  static const int depths[] = {0, 4, 16};
  emscripten_fiber_init_from_current_context(&loop, loop_asyncify_stack,
                                             sizeof loop_asyncify_stack);
  for (int i = 0; i < 3; i++) {
    depth = depths[i];
    printf("%d %.1f\n", depth, best_of_runs());
  }
  return 0;
}
