/* One switch from stack to stack by boost.context's fcontext: 100 coroutines in turn. Prints
 * nanoseconds one way. usage: fcontext switch */
#include <stdbool.h>
#include <string.h>

#include "measure.h"

/* As in boost/context/detail/fcontext.hpp, which is for C++ only; the two functions are C's. */
typedef struct transfer {
  void *from;
  void *data;
} transfer;
extern transfer jump_fcontext(void *to, void *data);
extern void *make_fcontext(void *top, size_t size, void (*entry)(transfer));

enum { COROUTINES = 100, ROUNDS = 20000, STACK = 16384 };

static void *coroutines[COROUTINES];
static volatile bool going = true; /* so that no compiler proves that the coroutines never end */

static void entry(transfer loop)
{
  while (going) loop = jump_fcontext(loop.from, NULL);
}

static void resume_all(int rounds)
{
  for (int round = 0; round < rounds; round++) {
    for (int i = 0; i < COROUTINES; i++) coroutines[i] = jump_fcontext(coroutines[i], NULL).from;
  }
}

/* Their tops are staggered, as spindle's are: else they fight over the same lines of the cache. */
static bool create_all(void)
{
  for (int i = 0; i < COROUTINES; i++) {
    char *stack = aligned_alloc(4096, STACK);
    if (!stack) return false;
    size_t size = STACK - (size_t)i % 16 * 64;
    coroutines[i] = make_fcontext(stack + size, size, entry);
  }
  return true;
}

int main(int count, char **words)
{
  if (count != 2 || strcmp(words[1], "switch") != 0) return usage("fcontext switch");
  if (!create_all()) return EXIT_FAILURE;
  return print_figure(nanoseconds_a_switch(resume_all, ROUNDS, COROUTINES));
}
