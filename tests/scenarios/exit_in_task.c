/* exit() in a task, after suspensions, ends the program: its code and the atexit handlers are
 * right.
 * @exit 5
 * @small */
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

static void bye(void) { printf("bye\n"); }

static int leaves(void *arg)
{
  (void)arg;
  sp_sleep(0.01);
  printf("leaving\n");
  exit(5);
}

static int run(void *arg)
{
  (void)arg;
  sp_await(sp_create_task(leaves, NULL));
  printf("never\n");
  return 0;
}

int main(void)
{
  atexit(bye);
  return sp_run(run, NULL);
}
