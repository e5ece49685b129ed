/* A frame of a C++ function larger than the guard below its stack is noticed, too.
 * @exit nonzero
 * @stderr spindle: stack overflow in task 'wide', leap\(\): it needs more than its \d+ bytes of
 * stack; raise sp_task_options.stack_size */
#include <cstdio>
#include <cstring>

#include "spindle.h"

static void *(*volatile fill)(void *, int, size_t) = memset; /* hides what becomes of the frame */

static int leap(void *arg)
{
  char frame[400000];
  sp_sleep(0);
  fill(frame, *static_cast<char *>(arg), 100);
  return frame[50];
}

static int run(void *)
{
  char x = 'x';
  sp_task_options options = {};
  options.name = "wide";
  std::printf("leaping\n");
  std::fflush(stdout);
  sp_await(sp_create_task_with(leap, &x, &options));
  std::printf("never\n");
  return 0;
}

int main() { return sp_run(run, nullptr); }
