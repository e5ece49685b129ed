/* Sleeps overlap: two tasks that sleep for half a second take that long, and so do a thousand. */
#include <stdio.h>

#include "spindle.h"

static int nap(void *arg)
{
  (void)arg;
  return sp_sleep(0.5);
}

static double seconds_of(int count)
{
  static sp_task *tasks[1000];
  double began = sp_loop_time(sp_loop_running());
  for (int i = 0; i < count; i++) tasks[i] = sp_create_task(nap, NULL);
  for (int i = 0; i < count; i++) sp_await(tasks[i]);
  return sp_loop_time(sp_loop_running()) - began;
}

static void report(int count, double most)
{
  double seconds = seconds_of(count);
  if (seconds >= 0.5 && seconds < most) {
    printf("%d: one sleep's time\n", count);
  } else {
    printf("%d: %.4f s\n", count, seconds);
  }
}

static int run(void *arg)
{
  (void)arg;
  report(2, 0.95);
  report(1000, 20); /* one after the other they would take 500 s */
  return 0;
}

int main(void) { return sp_run(run, NULL); }
