/* For instrumentation.test.mjs, which looks at how each of these was compiled. What runs says that it
 * is a program that works. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

/* Each is in the table below, as are some of spindle's, so that it stays a function of its own. */
#define FUNCTION __attribute__((noinline, used))

FUNCTION uint32_t computes(uint32_t rounds)
{
  uint32_t sum = 1;
  for (uint32_t i = 0; i < rounds; i++) sum = sum * 1664525u + (sum >> 16) + i;
  return sum;
}

/* What a program does between two suspensions, none of which can suspend. */
FUNCTION int tells_others(sp_future *future, sp_event *event, sp_task *task)
{
  sp_event_set(event);
  sp_task_cancel(task, NULL);
  return sp_future_set_result(future, (int)(computes(1000) & 1));
}

FUNCTION int fails(int number)
{
  return number < 0 ? sp_fail(SP_EINVAL, "no such number: %d", number) : number;
}

FUNCTION int suspends(uint32_t rounds)
{
  int error = sp_sleep(0);
  return error < 0 ? error : (int)(computes(rounds) & 1);
}

/* It calls what it does not know, which may suspend. */
FUNCTION int calls_a_pointer(int (*function)(uint32_t), uint32_t rounds)
{
  int result = function(rounds);
  return result < 0 ? result : result + 1;
}

#define KEPT(function) (void (*)(void))(function)
static void (*const volatile kept[])(void) = {
    KEPT(computes),
    KEPT(tells_others),
    KEPT(fails),
    KEPT(suspends),
    KEPT(calls_a_pointer),
    KEPT(sp_event_set),
    KEPT(sp_fail),
    KEPT(sp_future_cancel),
    KEPT(sp_future_set_result),
    KEPT(sp_handle_cancel),
    KEPT(sp_lock_release),
    KEPT(sp_loop_call_later),
    KEPT(sp_loop_call_soon),
    KEPT(sp_loop_time),
    KEPT(sp_semaphore_release),
    KEPT(sp_task_cancel),
    KEPT(sp_task_detach),
    KEPT(sp_await_from),
    KEPT(sp_event_wait_from),
    KEPT(sp_sleep_from),
};

static int wait_for_ever(void *arg) { return sp_await(arg); }

static int run_with(sp_future *future, sp_task *task)
{
  sp_event event = {0};
  int error = calls_a_pointer(suspends, 100);
  if (error >= 0) error = tells_others(future, &event, task);
  if (error >= 0) error = fails(error);
  return error < 0 ? error : sp_sleep(0);
}

static int run(void *arg)
{
  (void)arg;
  sp_future *future = sp_future_new();
  sp_future *never = sp_future_new();
  sp_task *task = never ? sp_create_task(wait_for_ever, never) : NULL;
  int error = future && task ? run_with(future, task) : SP_ENOMEM;
  sp_task_detach(task);
  sp_future_free(never);
  sp_future_free(future);
  return error;
}

int main(void)
{
  if (!kept[0] || sp_run(run, NULL) < 0) return EXIT_FAILURE;
  puts("it works");
  return EXIT_SUCCESS;
}
