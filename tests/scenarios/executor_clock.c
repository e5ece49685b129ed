/* A virtual clock stands still while a function runs in a thread. */
#include <stdio.h>

#include "spindle.h"

static int sleeps(void *arg)
{
  (void)arg;
  return sp_sleep(1000);
}

static int sum(void *arg)
{
  int total = 0;
  for (int i = 1; i <= *(int *)arg; i++) total += i;
  return total;
}

static int run(void *arg)
{
  (void)arg;
  int last = 1000;
  sp_task *sleeper = sp_create_task(sleeps, NULL);
  int total = sp_to_thread(sum, &last);
  printf("%d at %g s\n", total, sp_loop_time(sp_loop_running()));
  sp_await(sleeper);
  printf("slept at %g s\n", sp_loop_time(sp_loop_running()));
  return 0;
}

int main(void)
{
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.virtual_clock = true});
  int result = sp_loop_run(loop, run, NULL);
  sp_loop_free(loop);
  return result;
}
