/* One frame larger than the stack and its guard is noticed, too.
 * @exit nonzero
 * @stderr spindle: stack overflow in task 'wide', leap\(\): it needs more than its \d+ bytes of
 * stack; raise sp_task_options.stack_size
 * @small */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static void *(*volatile fill)(void *, int, size_t) = memset; /* hides what becomes of the frame */

static int leap(void *arg)
{
  char frame[400000];
  sp_sleep(0);
  fill(frame, *(char *)arg, 100);
  return frame[50];
}

static int run(void *arg)
{
  (void)arg;
  sp_task_options options = {.name = "wide"};
  printf("leaping\n");
  fflush(stdout);
  sp_await(sp_create_task_with(leap, "x", &options));
  printf("never\n");
  return 0;
}

int main(void) { return sp_run(run, NULL); }
