/* A producer that overruns its stack ends the program with a message that names it.
 * @exit nonzero
 * @stderr spindle: stack overflow in task 'asks', recurse\(\): it needs more than its \d+ bytes */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static int fill(int depth)
{
  volatile char frame[512];
  memset((char *)frame, depth, sizeof frame);
  if (depth == 1000000) return frame[7];
  return fill(depth + 1) + frame[depth % 512];
}

static int recurse(sp_generator *self, void *arg)
{
  sp_yield(self, arg);
  return fill(0);
}

static int run(void *arg)
{
  sp_task_options options = {.stack_size = 16384};
  sp_generator *generator = sp_generator_new_with(recurse, arg, &options);
  void *value;
  sp_generator_next(generator, &value);
  printf("going down\n");
  fflush(stdout);
  sp_generator_next(generator, &value);
  printf("never\n");
  return 0;
}

int main(void)
{
  sp_task_options options = {.name = "asks"};
  return sp_run_with(run, NULL, &options);
}
