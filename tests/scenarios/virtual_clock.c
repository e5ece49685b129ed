/* On a virtual clock time stands still while anything is ready, then jumps to the next timer. */
#include <math.h>
#include <stdio.h>

#include "spindle.h"

static double now(void) { return sp_loop_time(sp_loop_running()); }

static int sleeps(void *seconds)
{
  for (int i = 0; i < 3; i++) {
    if (sp_sleep(*(double *)seconds) < 0) return SP_ECANCELED;
    printf("%.3f: slept %.3f\n", now(), *(double *)seconds);
  }
  return 0;
}

static void called(void *arg)
{
  (void)arg;
  printf("%.3f: a call\n", now());
}

static int outside(void *arg)
{
  (void)arg;
  return 4;
}

static int run(void *arg)
{
  (void)arg;
  double hour = 3600, day = 86400, ms = 0.001;
  printf("%.3f: begins\n", now());
  printf("stands still: %d\n", now() == now());
  sp_task *tasks[] = {sp_create_task(sleeps, &hour), sp_create_task(sleeps, &day),
                      sp_create_task(sleeps, &ms)};
  sp_loop_call_at(sp_loop_running(), 7200, called, NULL);
  sp_handle_cancel(sp_loop_call_at(sp_loop_running(), 9000, called, NULL));
  for (int i = 0; i < 1000; i++) sp_sleep(0);
  printf("%.3f: after a thousand iterations\n", now());
  for (int i = 0; i < 3; i++) sp_await(tasks[i]);
  printf("%.3f: all slept\n", now());
  printf("%.3f: a thread gave %d\n", now(), sp_to_thread(outside, NULL));
  sp_sleep(1);
  printf("%.3f: the end\n", now());
  return 0;
}

static int waits_in_vain(void *arg)
{
  (void)arg;
  sp_future *never = sp_future_new();
  int error = sp_await(never);
  printf("in vain: %s\n", sp_strerror(error));
  sp_future_free(never);
  return error;
}

static int waits_for_ever(void *arg)
{
  (void)arg;
  int error = sp_sleep(INFINITY);
  printf("for ever: %s\n", sp_strerror(error));
  return 0;
}

static void show(int result) { printf("%s: %s\n", sp_error_name(result), sp_error_message()); }

int main(void)
{
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.virtual_clock = true});
  sp_loop_run(loop, run, NULL);
  double before = sp_loop_time(loop);
  show(sp_loop_run(loop, waits_in_vain, NULL));
  show(sp_loop_run(loop, waits_for_ever, NULL));
  show(sp_loop_run_forever(loop));
  printf("no time went by: %d\n", sp_loop_time(loop) == before);
  return sp_loop_free(loop);
}
