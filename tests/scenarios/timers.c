/* Timers come up in the order of their deadlines, equal delays in the order in which they began. */
#include <stdio.h>

#include "spindle.h"

static void callback(void *name) { printf("callback %s\n", (const char *)name); }

static int sleeper(void *arg)
{
  int tenths = *(int *)arg;
  sp_sleep(tenths / 10.0);
  printf("slept %d\n", tenths);
  return tenths;
}

static int equal(void *name)
{
  sp_sleep(0.05);
  printf("equal %s\n", (const char *)name);
  return 0;
}

static int run(void *arg)
{
  (void)arg;
  sp_loop *loop = sp_loop_running();
  static int tenths[] = {5, 1, 3};
  sp_task *tasks[3];
  for (int i = 0; i < 3; i++) tasks[i] = sp_create_task(sleeper, &tenths[i]);
  sp_loop_call_later(loop, 0.2, callback, "at 0.2");
  sp_loop_call_at(loop, sp_loop_time(loop) + 0.4, callback, "at 0.4");
  sp_loop_call_later(loop, 0, callback, "at once");
  sp_handle never = sp_loop_call_later(loop, 0.25, callback, "never");
  sp_loop_call_later(loop, -1, callback, "in the past");
  sp_task *same[3] = {sp_create_task(equal, "x"), sp_create_task(equal, "y"),
                      sp_create_task(equal, "z")};
  sp_handle_cancel(never);
  int sum = 0;
  for (int i = 0; i < 3; i++) sum += sp_await(tasks[i]);
  for (int i = 0; i < 3; i++) sp_await(same[i]);
  printf("sum %d\n", sum);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
