/* A task that overruns its stack ends the program with a message that names it and the option.
 * @exit nonzero
 * @stderr spindle: stack overflow in task 'deep', recurse\(\): it needs more than its \d+ bytes of
 * stack; raise sp_task_options.stack_size */
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

static int recurse(void *arg)
{
  (void)arg;
  sp_sleep(0);
  return fill(0);
}

static int run(void *arg)
{
  (void)arg;
  sp_task_options options = {.name = "deep"};
  printf("going down\n");
  fflush(stdout);
  sp_await(sp_create_task_with(recurse, NULL, &options));
  printf("never\n");
  return 0;
}

int main(void) { return sp_run(run, NULL); }
