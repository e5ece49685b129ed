/* What sp_sleep takes: nothing, less than nothing, for ever, not a number. */
#include <math.h>
#include <stdio.h>

#include "spindle.h"

static int for_ever(void *arg)
{
  (void)arg;
  return sp_sleep(INFINITY);
}

static void never(void *arg)
{
  (void)arg;
  printf("never\n");
}

static int run(void *arg)
{
  (void)arg;
  printf("0: %d\n", sp_sleep(0));
  printf("-1: %d\n", sp_sleep(-1));
  int result = sp_sleep(NAN);
  printf("NaN: %s: %s\n", sp_error_name(result), sp_error_message());
  sp_handle none = sp_loop_call_later(sp_loop_running(), NAN, never, NULL);
  printf("call_later NaN: %d: %s\n", none.call == NULL, sp_error_message());
  sp_task *task = sp_create_task(for_ever, NULL);
  sp_sleep(0.01);
  printf("for ever: done %d\n", sp_future_done(task));
  sp_task_cancel(task, NULL);
  printf("for ever: %s\n", sp_error_name(sp_await(task)));
  return 0;
}

int main(void) { return sp_run(run, NULL); }
