/* What sp_await refuses, and that several tasks may await one. */
#include <stdio.h>

#include "spindle.h"

static sp_task *a, *b, *shared;

static void report(const char *what, int result)
{
  printf("%s: %s: %s\n", what, sp_error_name(result), sp_error_message());
}

static int awaits_b(void *arg)
{
  (void)arg;
  return sp_await(b);
}

static int awaits_a(void *arg)
{
  (void)arg;
  report("a circle", sp_await(a));
  return 5;
}

static int naps(void *arg)
{
  (void)arg;
  sp_sleep(0.01);
  return 8;
}

static int awaits_shared(void *name)
{
  printf("%s: %d\n", (const char *)name, sp_await(shared));
  return 0;
}

static int run(void *arg)
{
  (void)arg;
  report("nothing", sp_await(NULL));
  report("itself", sp_await(sp_task_current()));
  a = sp_create_task(awaits_b, NULL);
  b = sp_create_task(awaits_a, NULL);
  printf("the circle is open: %d\n", sp_await(a));
  shared = sp_create_task(naps, NULL);
  sp_task *first = sp_create_task(awaits_shared, "first");
  sp_task *second = sp_create_task(awaits_shared, "second");
  sp_await(first);
  sp_await(second);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
