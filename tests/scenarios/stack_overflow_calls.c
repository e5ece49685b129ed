/* Calls that never end are noticed, too, where they need no stack of C's: WebAssembly keeps what is
 * in registers on a stack of its own.
 * @exit nonzero
 * @stderr spindle: (JavaScript )?stack overflow in task 'endless', recurse\(\): (it needs|recurse less) */
#include <stdio.h>

#include "spindle.h"

static volatile int sink;

static int count_down(int left)
{
  if (left == 0) return 0;
  int below = count_down(left - 1);
  sink = left;
  return below;
}

static int recurse(void *arg)
{
  (void)arg;
  sp_sleep(0);
  return count_down(100000000);
}

static int run(void *arg)
{
  (void)arg;
  sp_task_options options = {.name = "endless"};
  printf("going down\n");
  fflush(stdout);
  sp_await(sp_create_task_with(recurse, NULL, &options));
  printf("never\n");
  return 0;
}

int main(void) { return sp_run(run, NULL); }
