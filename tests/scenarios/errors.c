/* An error brings its message through sp_await; sp_run returns it with the message too. */
#include <stdio.h>

#include "spindle.h"

static int fails(void *arg) { return sp_fail(SP_EUSER - 1, "no flag for %s", (const char *)arg); }

static int passes_on(void *arg)
{
  sp_sleep(0);
  return sp_await(sp_create_task(fails, arg));
}

static int cancelled_with_message(void *arg)
{
  (void)arg;
  return sp_sleep(10);
}

static int run(void *arg)
{
  (void)arg;
  printf("nothing failed yet: '%s'\n", sp_error_message());
  int result = sp_await(sp_create_task(passes_on, "XX"));
  printf("%d: %s\n", result, sp_error_message());
  sp_task *task = sp_create_task(cancelled_with_message, NULL);
  sp_sleep(0);
  sp_task_cancel(task, "shutting down");
  result = sp_await(task);
  printf("%s: %s\n", sp_error_name(result), sp_error_message());
  result = sp_await(sp_task_current());
  printf("%s: %s\n", sp_error_name(result), sp_error_message());
  return sp_fail(SP_EUSER, "the end");
}

int main(void)
{
  int result = sp_run(run, NULL);
  printf("%d: %s\n", result, sp_error_message());
  printf("%s, %s\n", sp_strerror(SP_ETIMEDOUT), sp_strerror(SP_EUSER));
  printf("%s, %s\n", sp_error_name(SP_ETIMEDOUT), sp_error_name(SP_EUSER));
  printf("a result: %s, %s\n", sp_strerror(7), sp_error_name(7));
  return 0;
}
