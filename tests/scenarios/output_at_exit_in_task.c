/* What was printed without a newline at its end is there when a task has called exit(), in a small module,
 * too.
 * @exit 4
 * @small */
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

static void last(void) { printf(", at exit"); }

static int leaves(void *arg)
{
  (void)arg;
  int error = sp_sleep(0.01);
  printf("in a task");
  exit(error < 0 ? 1 : 4);
}

static int run(void *arg)
{
  (void)arg;
  return sp_await(sp_create_task(leaves, NULL));
}

int main(void)
{
  atexit(last);
  printf("before, ");
  return sp_run(run, NULL);
}
