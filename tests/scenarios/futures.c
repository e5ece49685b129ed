/* A future tells whoever waits, in the order in which they came; it is fulfilled once. */
#include <stdio.h>

#include "spindle.h"

static sp_future *promise;
static char removed[] = "removed";

static int waiter(void *name)
{
  int result = sp_await(promise);
  printf("%s got %d\n", (const char *)name, result);
  return 0;
}

static void on_done(sp_future *future, void *name)
{
  printf("callback %s: done %d\n", (const char *)name, sp_future_done(future));
}

static void result_reaches_all(void)
{
  promise = sp_future_new();
  sp_future_add_done_callback(promise, on_done, "one");
  sp_task *a = sp_create_task(waiter, "a");
  sp_task *b = sp_create_task(waiter, "b");
  sp_sleep(0);
  sp_future_add_done_callback(promise, on_done, "two");
  sp_future_add_done_callback(promise, on_done, removed);
  sp_future_add_done_callback(promise, on_done, removed);
  printf("too early: %d\n", sp_future_result(promise) == SP_EINVALIDSTATE);
  printf("removed %d\n", sp_future_remove_done_callback(promise, on_done, removed));
  printf("set %d\n", sp_future_set_result(promise, 42));
  printf("set again: %d\n", sp_future_set_result(promise, 43) == SP_EINVALIDSTATE);
  printf("cancel: %d\n", sp_future_cancel(promise, NULL));
  sp_future_add_done_callback(promise, on_done, "late");
  sp_await(a);
  sp_await(b);
  sp_sleep(0);
  printf("awaited when done: %d\n", sp_await(promise));
  sp_future_free(promise);
}

static void error_reaches_all(void)
{
  promise = sp_future_new();
  sp_task *a = sp_create_task(waiter, "a");
  sp_sleep(0);
  sp_future_set_error(promise, SP_EUSER, "no luck");
  sp_await(a);
  printf("error %d\n", sp_future_result(promise));
  sp_future_free(promise);
}

static int waits_for_cancelled(void *arg)
{
  (void)arg;
  int result = sp_await(promise);
  printf("waiter: %s\n", result == SP_ECANCELED ? "cancelled" : "not cancelled");
  return result;
}

static void cancelled_future_cancels_its_waiter(void)
{
  promise = sp_future_new();
  sp_task *a = sp_create_task(waits_for_cancelled, NULL);
  sp_sleep(0);
  printf("cancel: %d\n", sp_future_cancel(promise, NULL));
  printf("waiter's end: %s\n", sp_await(a) == SP_ECANCELED ? "cancelled" : "not cancelled");
  sp_future_free(promise);
}

static int run(void *arg)
{
  (void)arg;
  result_reaches_all();
  error_reaches_all();
  cancelled_future_cancels_its_waiter();
  return 0;
}

int main(void) { return sp_run(run, NULL); }
