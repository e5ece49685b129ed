/* wait_for: in time, too late, refused, no time at all, and cancelled from outside. */
#include <math.h>
#include <stdio.h>

#include "spindle.h"

static int nap(void *seconds)
{
  int error = sp_sleep(*(double *)seconds);
  if (error == SP_ECANCELED) puts("  nap cancelled");
  return error < 0 ? error : 7;
}

/* Goes on when it is asked to stop. */
static int stubborn(void *result)
{
  sp_sleep(1);
  sp_sleep(0.01);
  return *(int *)result;
}

static int fails(void *arg)
{
  (void)arg;
  return sp_fail(SP_EUSER, "no luck");
}

static void say(const char *what, int result)
{
  printf("%s: %s", what, result < 0 ? sp_error_name(result) : "");
  if (result >= 0) printf("%d", result);
  puts("");
}

static int waits(void *seconds) { return sp_wait_for(sp_create_task(nap, seconds), 1); }

static int run(void *arg)
{
  (void)arg;
  static double quick = 0.01, slow = 1;
  static int nine = 9, bad = SP_EUSER;
  say("in time", sp_wait_for(sp_create_task(nap, &quick), 1));
  say("no limit", sp_wait_for(sp_create_task(nap, &quick), INFINITY));
  say("too late", sp_wait_for(sp_create_task(nap, &slow), 0.01));
  say("refused", sp_wait_for(sp_create_task(stubborn, &nine), 0.01));
  say("failed instead", sp_wait_for(sp_create_task(stubborn, &bad), 0.01));
  say("fails", sp_wait_for(sp_create_task(fails, NULL), 1));

  sp_task *begun = sp_create_task(nap, &slow);
  sp_sleep(0);
  say("no time", sp_wait_for(begun, 0));
  say("never begun", sp_wait_for(sp_create_task(nap, &slow), -1));
  sp_task *done = sp_create_task(nap, &quick);
  sp_sleep(0.02);
  say("no time, but done", sp_wait_for(done, 0));

  sp_task *waiter = sp_create_task(waits, &slow);
  sp_sleep(0.01);
  sp_task_cancel(waiter, NULL);
  say("cancelled", sp_await(waiter));

  sp_future *future = sp_future_new();
  say("a future", sp_wait_for(future, 0.01));
  printf("it was cancelled: %d\n", sp_future_cancelled(future));
  sp_future_free(future);
  say("a NaN", sp_wait_for(sp_task_current(), NAN));
  return 0;
}

int main(void) { return sp_run(run, NULL); }
