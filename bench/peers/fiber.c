/* Emscripten's own fibers, which switch through JavaScript: one swap to a fiber and back, 100 fibers
 * in turn, each DEPTH calls deep, no scheduler. Prints nanoseconds, the best of 5 runs. */
#include <emscripten/fiber.h>
#include <stdbool.h>

#include "measure.h"

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

static double run(one *fibers)
{
  double began = wall_seconds();
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < FIBERS; i++) emscripten_fiber_swap(&loop, &fibers[i].fiber);
  }
  return (wall_seconds() - began) * 1e9 / ((double)ROUNDS * FIBERS);
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

int main(int count, char **words)
{
  if (count != 2) return usage("fiber DEPTH");
  depth = atoi(words[1]);
  emscripten_fiber_init_from_current_context(&loop, loop_asyncify_stack,
                                             sizeof loop_asyncify_stack);
  return print_figure(best_of_runs());
}
