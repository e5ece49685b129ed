/* Timeouts: they nest, move, are told apart from other cancellations, and leave no trace. */
#include <math.h>
#include <stdio.h>

#include "spindle.h"

static sp_loop *loop;

static void say(const char *what, int result)
{
  printf("%s: %s, cancelling %d\n", what, sp_error_name(result < 0 ? result : 0),
         sp_task_cancelling(sp_task_current()));
}

static void nested(double outer_seconds, double inner_seconds)
{
  sp_timeout outer, inner;
  sp_timeout_open(&outer, outer_seconds);
  sp_timeout_open(&inner, inner_seconds);
  int result = sp_timeout_close(&inner, sp_sleep(1));
  say("inner", result);
  say("outer", sp_timeout_close(&outer, result));
  printf("expired: outer %d, inner %d\n", sp_timeout_expired(&outer), sp_timeout_expired(&inner));
}

static void moved(void)
{
  sp_timeout limit;
  sp_timeout_open(&limit, INFINITY);
  printf("never: %d\n", sp_timeout_when(&limit) == INFINITY);
  sp_timeout_reschedule(&limit, sp_loop_time(loop) + 0.01);
  printf("a NaN: %s\n", sp_error_name(sp_timeout_reschedule(&limit, NAN)));
  int result = sp_sleep(1);
  printf("over: %s\n", sp_timeout_reschedule(&limit, 0) < 0 ? sp_error_message() : "moved");
  say("moved", sp_timeout_close(&limit, result));
  printf("closed: %s\n", sp_timeout_reschedule(&limit, 0) < 0 ? sp_error_message() : "moved");
}

/* A limit that is over cancels in the next iteration; who does not suspend is not cancelled. */
static void past(void)
{
  sp_timeout limit;
  sp_timeout_open(&limit, 0);
  say("too quick", sp_timeout_close(&limit, 0));
  sp_timeout_open_at(&limit, sp_loop_time(loop) - 1);
  say("past", sp_timeout_close(&limit, sp_sleep(0.1)));
  sp_timeout_open(&limit, -1);
  sp_sleep(0.1);
  say("another error", sp_timeout_close(&limit, sp_fail(SP_EIO, "broken")));
  sp_timeout_open(&limit, -1);
  sp_sleep(0.1);
  say("got over it", sp_timeout_close(&limit, 0));
}

static int limited(void *arg)
{
  (void)arg;
  sp_timeout limit;
  sp_timeout_open(&limit, 0.01);
  sp_sleep(1);
  sp_task_cancel(sp_task_current(), "from elsewhere");
  int result = sp_timeout_close(&limit, sp_sleep(1));
  say("cancelled from elsewhere, too", result);
  return result;
}

static int run(void *arg)
{
  (void)arg;
  loop = sp_loop_running();
  nested(5, 0.01);
  nested(0.01, 5);
  nested(0.01, 0.01);
  moved();
  past();
  sp_await(sp_create_task(limited, NULL));
  return 0;
}

int main(void)
{
  sp_timeout limit;
  printf("no task: %s\n", sp_error_name(sp_timeout_open(&limit, 1)));
  printf("close does no harm: %d\n", sp_timeout_close(&limit, 5));
  return sp_run(run, NULL);
}
