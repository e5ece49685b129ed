/* One switch from stack to stack by swapcontext: 100 coroutines in turn. Prints nanoseconds one way.
 * usage: ucontext switch */
#include <stdbool.h>
#include <string.h>
#include <ucontext.h>

#include "measure.h"

enum { COROUTINES = 100, ROUNDS = 2000, STACK = 16384 };

static ucontext_t loop;
static ucontext_t coroutines[COROUTINES];
static volatile int running;
static volatile bool going = true; /* so that no compiler proves that the coroutines never end */

static void entry(void)
{
  int self = running;
  while (going) swapcontext(&coroutines[self], &loop);
}

static void resume_all(int rounds)
{
  for (int round = 0; round < rounds; round++) {
    for (running = 0; running < COROUTINES; running++) {
      swapcontext(&loop, &coroutines[running]);
    }
  }
}

static bool create_all(void)
{
  for (int i = 0; i < COROUTINES; i++) {
    if (getcontext(&coroutines[i]) != 0) return false;
    coroutines[i].uc_stack.ss_sp = malloc(STACK);
    coroutines[i].uc_stack.ss_size = STACK;
    if (!coroutines[i].uc_stack.ss_sp) return false;
    makecontext(&coroutines[i], entry, 0);
  }
  return true;
}

int main(int count, char **words)
{
  if (count != 2 || strcmp(words[1], "switch") != 0) return usage("ucontext switch");
  if (!create_all()) return EXIT_FAILURE;
  return print_figure(nanoseconds_a_switch(resume_all, ROUNDS, COROUTINES));
}
