/* An event wakes all who wait for it, also when it is cleared before they run. */
#include <stdio.h>

#include "spindle.h"

static sp_event event;

static int waiter(void *name)
{
  int result = sp_event_wait(&event);
  printf("%s: %s, set %d\n", (const char *)name, result == 0 ? "it happened" : sp_error_message(),
         sp_event_is_set(&event));
  return result;
}

static int run(void *arg)
{
  (void)arg;
  sp_task *a = sp_create_task(waiter, "a");
  sp_task *b = sp_create_task(waiter, "b");
  sp_task *c = sp_create_task(waiter, "c");
  sp_sleep(0);
  sp_task_cancel(b, "b gives up");
  sp_event_set(&event);
  sp_event_set(&event);
  sp_event_clear(&event);
  sp_task *d = sp_create_task(waiter, "d");
  sp_await(a);
  sp_await(b);
  sp_await(c);
  printf("d waits: %d\n", !sp_future_done(d));
  sp_event_set(&event);
  waiter("main");
  sp_await(d);

  sp_event_clear(&event);
  sp_task *e = sp_create_task(waiter, "e");
  sp_sleep(0);
  sp_event_set(&event);
  sp_task_cancel(e, "too late");
  sp_await(e);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
