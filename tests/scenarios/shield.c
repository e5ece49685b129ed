/* shield: a cancellation stops at the caller, and what goes on is not forgotten. */
#include <stdio.h>

#include "spindle.h"

static int nap(void *result)
{
  int error = sp_sleep(0.02);
  if (error == SP_ECANCELED) puts("  nap cancelled");
  return error < 0 ? error : *(int *)result;
}

static int shields(void *task)
{
  int result = sp_shield((sp_task *)task);
  printf("shield: %s\n", result < 0 ? sp_error_name(result) : "went well");
  return result;
}

static void report(sp_loop *loop, const sp_report *report, void *arg)
{
  (void)loop;
  (void)arg;
  printf("report: %s: %s\n", report->message, report->error_message);
}

static int fails(void *arg)
{
  (void)arg;
  sp_sleep(0.02);
  return sp_fail(SP_EIO, "the disk is gone");
}

/* `count` waiters that are all cancelled. */
static void cancel_waiters(sp_task *inner, int count)
{
  for (int i = 0; i < count; i++) {
    sp_task *waiter = sp_create_task(shields, inner);
    sp_sleep(0);
    sp_task_cancel(waiter, NULL);
    sp_await(waiter);
  }
}

static int run(void *arg)
{
  (void)arg;
  static int seven = 7;
  printf("plain: %d\n", sp_shield(sp_create_task(nap, &seven)));

  sp_task *inner = sp_create_task(nap, &seven);
  cancel_waiters(inner, 1);
  printf("it went on: %d\n", sp_await(inner));

  inner = sp_create_task(nap, &seven);
  sp_task *waiter = sp_create_task(shields, inner);
  sp_sleep(0);
  sp_task_cancel(inner, NULL);
  sp_await(waiter);
  printf("done already: %s\n", sp_error_name(sp_shield(inner)));
  sp_task_detach(inner);

  sp_loop_set_exception_handler(sp_loop_running(), report, NULL);
  inner = sp_create_task(fails, NULL);
  cancel_waiters(inner, 2); /* reported once */
  sp_task_detach(inner);
  return sp_sleep(0.04);
}

int main(void) { return sp_run(run, NULL); }
