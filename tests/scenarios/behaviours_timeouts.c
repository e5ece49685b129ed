/* Behaviours of timeouts: a limit for what happens between open and close, and for one wait. */
#include "behaviours.h"

enum { FAILED = SP_EUSER - 1, FAILED_OTHERWISE = SP_EUSER - 2 };

/* --- a limit that is over --- */

BEHAVIOUR(timeout_cancels_what_it_limits, "a limit that is over makes the wait an SP_ETIMEDOUT")
{
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open(&limit, 0.01), 0);
  int result = sp_sleep(10);
  CHECK_EQ(result, SP_ECANCELED);
  CHECK_ERROR(sp_timeout_close(&limit, result), SP_ETIMEDOUT, "timed out");
  CHECK(sp_timeout_expired(&limit));
  CHECK_TIME(loop_time(), 0.01);
}

BEHAVIOUR(timeout_may_be_given_as_a_time, "a limit may be a time on the loop's clock")
{
  sp_timeout limit;
  double deadline = loop_time() + 0.01;
  CHECK_EQ(sp_timeout_open_at(&limit, deadline), 0);
  CHECK_EQ(sp_timeout_close(&limit, sp_sleep(10)), SP_ETIMEDOUT);
  CHECK(sp_timeout_expired(&limit));
  CHECK(sp_timeout_when(&limit) == deadline);
  CHECK_TIME(loop_time(), deadline);
}

static void timeout_of_no_time(double seconds, double sleep)
{
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open(&limit, seconds), 0);
  int result = sp_sleep(sleep);
  CHECK_EQ(result, SP_ECANCELED);
  CHECK_EQ(sp_timeout_close(&limit, result), SP_ETIMEDOUT);
  CHECK(sp_timeout_expired(&limit));
  CHECK_TIME(sp_timeout_when(&limit), seconds);
  CHECK_TIME(loop_time(), 0);
}

BEHAVIOUR(timeout_of_no_time_cancels_a_long_wait, "a limit of 0 seconds is over at once")
{
  timeout_of_no_time(0, 10);
}

BEHAVIOUR(timeout_of_no_time_cancels_a_wait_of_one_iteration,
          "a limit of 0 seconds is over before a sleep of no time is")
{
  timeout_of_no_time(0, 0);
}

BEHAVIOUR(timeout_in_the_past_is_over_at_once, "a limit may be over before it begins")
{
  timeout_of_no_time(-11, 0);
}

/* --- a limit that is not over --- */

BEHAVIOUR(timeout_that_is_not_over_changes_nothing, "what ends in time is left as it is")
{
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open(&limit, 10), 0);
  CHECK_EQ(sp_sleep(0.01), 0);
  CHECK_EQ(sp_timeout_close(&limit, 7), 7);
  CHECK(!sp_timeout_expired(&limit));
  CHECK(sp_timeout_when(&limit) > loop_time());
  CHECK_EQ(sp_sleep(20), 0);
  CHECK(!sp_timeout_expired(&limit));
}

BEHAVIOUR(timeout_may_be_none, "a limit of infinite seconds never comes")
{
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open(&limit, INFINITY), 0);
  CHECK(sp_timeout_when(&limit) == INFINITY);
  CHECK_EQ(sp_timeout_close(&limit, sp_sleep(0.01)), 0);
  CHECK(!sp_timeout_expired(&limit));
  CHECK(sp_timeout_when(&limit) == INFINITY);
}

BEHAVIOUR(timeout_at_no_time_never_comes, "the same for a limit that is given as a time")
{
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open_at(&limit, INFINITY), 0);
  CHECK(sp_timeout_when(&limit) == INFINITY);
  CHECK_EQ(sp_timeout_close(&limit, sp_sleep(0.01)), 0);
  CHECK(!sp_timeout_expired(&limit));
  CHECK(sp_timeout_when(&limit) == INFINITY);
}

BEHAVIOUR(error_passes_a_timeout_that_is_not_over, "an error inside a limit comes out as it is")
{
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open(&limit, 0.01), 0);
  CHECK_ERROR(sp_timeout_close(&limit, sp_fail(FAILED, "no key")), FAILED, "no key");
  CHECK(!sp_timeout_expired(&limit));
}

BEHAVIOUR(cancellation_passes_a_timeout_that_is_not_over,
          "a cancellation that is not the limit's comes out as it is")
{
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open(&limit, 10), 0);
  CHECK(sp_task_cancel(sp_task_current(), NULL));
  CHECK_EQ(sp_timeout_close(&limit, sp_sleep(10)), SP_ECANCELED);
  CHECK(!sp_timeout_expired(&limit));
  CHECK_TIME(loop_time(), 0);
  CHECK_EQ(sp_task_cancelling(sp_task_current()), 1);
}

/* --- errors inside a limit that is over --- */

static int fail_then_clean_up(void)
{
  int result = sp_fail(FAILED, "work");
  int cleaned = sp_sleep(1);
  return cleaned < 0 ? cleaned : result;
}

BEHAVIOUR(timeout_reaches_the_clean_up_after_an_error,
          "a limit that is over while an error is cleaned up after comes in the error's place")
{
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open(&limit, 0.01), 0);
  CHECK_ERROR(sp_timeout_close(&limit, fail_then_clean_up()), SP_ETIMEDOUT, "timed out");
  CHECK_TIME(loop_time(), 0.01);
}

BEHAVIOUR(error_during_a_timeout_comes_out, "an error in answer to the limit comes out as it is")
{
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open(&limit, 0.01), 0);
  CHECK_EQ(sp_sleep(1), SP_ECANCELED);
  CHECK_ERROR(sp_timeout_close(&limit, sp_fail(FAILED, "crashed")), FAILED, "crashed");
  CHECK(sp_timeout_expired(&limit));
  CHECK_EQ(sp_task_cancelling(sp_task_current()), 0);
}

BEHAVIOUR(last_of_the_errors_during_a_timeout_comes_out,
          "of several errors, before and after the limit was over, the last one comes out")
{
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open(&limit, 0.01), 0);
  CHECK_EQ(fail_then_clean_up(), SP_ECANCELED);
  CHECK_EQ(sp_fail(FAILED, "no key"), FAILED);
  CHECK_ERROR(sp_timeout_close(&limit, sp_fail(FAILED_OTHERWISE, "crashed")), FAILED_OTHERWISE,
              "crashed");
  CHECK(sp_timeout_expired(&limit));
  CHECK_TIME(loop_time(), 0.01);
}

static int crash_in_clean_up(void *arg)
{
  (void)arg;
  CHECK_EQ(sp_sleep(2), SP_ECANCELED);
  return sp_fail(FAILED, "crashed");
}

static int group_that_is_timed_out(void)
{
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_task_group_spawn(&group, crash_in_clean_up, NULL), 0);
  return sp_task_group_close(&group, fail_then_clean_up());
}

BEHAVIOUR(errors_of_a_group_pass_a_timeout,
          "tasks that fail when a limit cancels their group make it the group's error")
{
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open(&limit, 0.01), 0);
  CHECK_EQ(sp_timeout_close(&limit, group_that_is_timed_out()), SP_EGROUP);
  CHECK(sp_timeout_expired(&limit));
  const sp_error_group *errors = sp_last_error_group();
  if (!CHECK(errors && errors->count == 1)) return;
  CHECK_EQ(errors->errors[0].code, FAILED);
  CHECK_STR(errors->errors[0].message, "crashed");
  CHECK_EQ(sp_task_cancelling(sp_task_current()), 0);
}

static int time_out(void *arg)
{
  (void)arg;
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open(&limit, 0.001), 0);
  CHECK_EQ(sp_timeout_close(&limit, sp_sleep(10)), SP_ETIMEDOUT);
  return 0;
}

BEHAVIOUR(task_that_handles_a_timeout_is_not_cancelled,
          "a task in which a limit was over ends as well as any other")
{
  sp_task *task = sp_task_ref(sp_create_task(time_out, NULL));
  CHECK_EQ(sp_await(task), 0);
  CHECK(!sp_future_cancelled(task));
  CHECK(sp_future_done(task));
  sp_task_detach(task);
}

BEHAVIOUR(timeout_tells_its_state, "a limit tells when it is over, and whether it was over")
{
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open(&limit, 10), 0);
  CHECK_TIME(sp_timeout_when(&limit), 10);
  CHECK(!sp_timeout_expired(&limit));
  CHECK_EQ(sp_timeout_close(&limit, sp_sleep(0)), 0);
  CHECK(!sp_timeout_expired(&limit));
  CHECK_EQ(sp_timeout_open(&limit, INFINITY), 0);
  CHECK(sp_timeout_when(&limit) == INFINITY);
  CHECK_EQ(sp_timeout_close(&limit, 0), 0);
  CHECK_EQ(sp_timeout_open(&limit, 0.01), 0);
  int result = sp_sleep(10);
  CHECK(sp_timeout_expired(&limit));
  CHECK_EQ(sp_timeout_close(&limit, result), SP_ETIMEDOUT);
  CHECK(sp_timeout_expired(&limit));
}

/* --- limits in limits --- */

BEHAVIOUR(outermost_of_the_timeouts_that_are_over_says_so,
          "of limits that are over together only the outermost is an SP_ETIMEDOUT")
{
  sp_timeout outer, inner;
  double deadline = loop_time() + 0.01;
  CHECK_EQ(sp_timeout_open_at(&outer, deadline), 0);
  CHECK_EQ(sp_timeout_open_at(&inner, deadline), 0);
  int result = sp_timeout_close(&inner, sp_sleep(10));
  CHECK_EQ(result, SP_ECANCELED);
  CHECK_EQ(sp_timeout_close(&outer, result), SP_ETIMEDOUT);
  CHECK(sp_timeout_expired(&outer));
  CHECK(sp_timeout_expired(&inner));
  CHECK_EQ(sp_task_cancelling(sp_task_current()), 0);
}

static void compute_for(double seconds)
{
  double end = loop_time() + seconds;
  while (loop_time() < end) continue;
}

static int compute_past_the_outer(void *arg)
{
  (void)arg;
  sp_timeout outer, inner;
  CHECK_EQ(sp_timeout_open(&outer, 0.002), 0);
  CHECK_EQ(sp_timeout_open(&inner, 0.1), 0);
  compute_for(0.01);
  int result = sp_timeout_close(&inner, sp_sleep(1));
  CHECK_EQ(result, SP_ECANCELED);
  CHECK_EQ(sp_timeout_close(&outer, result), SP_ETIMEDOUT);
  CHECK(sp_timeout_expired(&outer));
  return 0;
}

static int compute_past_both(void *arg)
{
  (void)arg;
  sp_timeout outer, inner;
  double began = loop_time();
  CHECK_EQ(sp_timeout_open(&outer, 0.02), 0);
  CHECK_EQ(sp_timeout_open(&inner, 0.005), 0);
  compute_for(0.02);
  int result = sp_timeout_close(&inner, sp_sleep(1));
  CHECK(result < 0);
  if (result == SP_ETIMEDOUT) result = sp_sleep(10);
  CHECK_EQ(sp_timeout_close(&outer, result), SP_ETIMEDOUT);
  CHECK(sp_timeout_expired(&outer));
  CHECK(sp_timeout_expired(&inner));
  CHECK(loop_time() - began < 1);
  return 0;
}

/* What computes without suspending takes time only on the true clock. */
static void run_in_true_time(sp_coroutine *fn)
{
  sp_loop *loop = sp_loop_new(NULL);
  CHECK_EQ(sp_loop_run(loop, fn, NULL), 0);
  CHECK_EQ(sp_loop_free(loop), 0);
}

BEHAVIOUR_OUTSIDE(outer_timeout_that_is_over_before_the_wait_ends_it,
                  "a limit that was over while its task computed cancels the next wait")
{
  run_in_true_time(compute_past_the_outer);
}

BEHAVIOUR_OUTSIDE(timeouts_that_a_busy_loop_missed_are_over,
                  "limits that were over while the task computed end what comes after it")
{
  run_in_true_time(compute_past_both);
}

BEHAVIOUR(timeout_may_be_in_the_clean_up_of_another,
          "a limit that is opened when an outer one is over has its own end")
{
  sp_timeout outer, inner;
  CHECK_EQ(sp_timeout_open(&outer, 0.01), 0);
  int result = sp_sleep(1);
  CHECK_EQ(result, SP_ECANCELED);
  CHECK_EQ(sp_timeout_open(&inner, 0.01), 0);
  CHECK_EQ(sp_timeout_close(&inner, sp_sleep(10)), SP_ETIMEDOUT);
  CHECK_EQ(sp_timeout_close(&outer, result), SP_ETIMEDOUT);
  CHECK_TIME(loop_time(), 0.02);
}

/* --- limits in a task that was cancelled before --- */

static void get_over_a_cancellation(void)
{
  CHECK(sp_task_cancel(sp_task_current(), NULL));
  CHECK_EQ(sp_sleep(1), SP_ECANCELED);
}

BEHAVIOUR(timeout_works_after_a_cancellation,
          "a limit tells its own cancellation from one that came before it was opened")
{
  sp_timeout limit;
  get_over_a_cancellation();
  CHECK_EQ(sp_timeout_open(&limit, 0), 0);
  CHECK_EQ(sp_timeout_close(&limit, sp_sleep(1)), SP_ETIMEDOUT);
  CHECK_EQ(sp_task_cancelling(sp_task_current()), 1);
}

BEHAVIOUR(cancellation_in_a_timeout_after_another_comes_out,
          "a second cancellation, inside a limit, is not taken for the limit's")
{
  sp_timeout limit;
  get_over_a_cancellation();
  CHECK_EQ(sp_timeout_open(&limit, 1), 0);
  CHECK(sp_task_cancel(sp_task_current(), NULL));
  CHECK_EQ(sp_timeout_close(&limit, sp_sleep(2)), SP_ECANCELED);
  CHECK(!sp_timeout_expired(&limit));
}

/* --- moving a limit --- */

typedef struct limited {
  sp_timeout limit;
  sp_future *opened;
} limited;

static int sleep_until_ten(void *arg)
{
  limited *me = arg;
  CHECK_EQ(sp_timeout_open_at(&me->limit, 10), 0);
  CHECK_EQ(sp_future_set_result(me->opened, 0), 0);
  return sp_timeout_close(&me->limit, sp_sleep(50));
}

BEHAVIOUR(timeout_may_be_moved, "a limit may be moved and taken away, also by another task")
{
  limited it = {.opened = sp_future_new()};
  sp_task *task = sp_create_task(sleep_until_ten, &it);
  CHECK_EQ(sp_await(it.opened), 0);
  CHECK_TIME(sp_timeout_when(&it.limit), 10);
  CHECK_EQ(sp_timeout_reschedule(&it.limit, 30), 0);
  CHECK_TIME(sp_timeout_when(&it.limit), 30);
  CHECK_EQ(sp_timeout_reschedule(&it.limit, INFINITY), 0);
  CHECK(sp_timeout_when(&it.limit) == INFINITY);
  CHECK_EQ(sp_sleep(40), 0);
  CHECK(sp_task_cancel(task, NULL));
  CHECK_EQ(sp_await(task), SP_ECANCELED);
  CHECK(!sp_timeout_expired(&it.limit));
  CHECK_TIME(loop_time(), 40);
  sp_future_free(it.opened);
}

BEHAVIOUR(finished_timeout_cannot_be_moved, "a limit that was closed in time is finished")
{
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open(&limit, 0.01), 0);
  CHECK_EQ(sp_timeout_close(&limit, 0), 0);
  CHECK_ERROR(sp_timeout_reschedule(&limit, 0.02), SP_EINVALIDSTATE,
              "Cannot change state of finished Timeout");
}

BEHAVIOUR(expired_timeout_cannot_be_moved, "a limit that was over is expired")
{
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open(&limit, 0.01), 0);
  CHECK_EQ(sp_timeout_close(&limit, sp_sleep(1)), SP_ETIMEDOUT);
  CHECK_ERROR(sp_timeout_reschedule(&limit, 0.02), SP_EINVALIDSTATE,
              "Cannot change state of expired Timeout");
}

BEHAVIOUR(expiring_timeout_cannot_be_moved, "a limit that is over and not closed is expiring")
{
  sp_timeout limit;
  CHECK_EQ(sp_timeout_open(&limit, 0.01), 0);
  CHECK_EQ(sp_sleep(1), SP_ECANCELED);
  CHECK_ERROR(sp_timeout_reschedule(&limit, 0.02), SP_EINVALIDSTATE,
              "Cannot change state of expiring Timeout");
  CHECK_EQ(sp_timeout_close(&limit, 0), 0);
}

BEHAVIOUR(unopened_timeout_cannot_be_moved, "a limit must be opened first")
{
  sp_timeout limit = {0};
  CHECK_ERROR(sp_timeout_reschedule(&limit, 0.02), SP_EINVALIDSTATE,
              "Timeout has not been entered");
}

static void open_in_a_callback(void *arg)
{
  sp_timeout *limit = arg;
  CHECK_ERROR(sp_timeout_open(limit, 0.01), SP_ENOTASK, "Timeout should be used inside a task");
  CHECK_ERROR(sp_timeout_reschedule(limit, 0.02), SP_EINVALIDSTATE, "Timeout has not been entered");
  note("refused");
}

BEHAVIOUR(timeout_is_opened_by_a_task, "a limit cannot be opened outside tasks")
{
  sp_timeout limit;
  sp_loop_call_soon(sp_loop_running(), open_in_a_callback, &limit);
  iterate(2);
  SAW("refused");
}

/* --- waiting for one future with a limit --- */

/* Sleeps for 0.2 seconds in all, whoever wants it to stop. */
static int refuse_to_stop(void *arg)
{
  bool *ended = arg;
  double end = loop_time() + 0.2;
  while (loop_time() < end) sp_sleep(end - loop_time());
  *ended = true;
  return 5;
}

typedef struct wait {
  sp_future *future;
  double timeout;
} wait;

static int wait_for(void *arg)
{
  const wait *todo = arg;
  return sp_wait_for(todo->future, todo->timeout);
}

BEHAVIOUR(cancelled_wait_for_waits_for_a_task_that_refuses,
          "cancelling who waits with a limit cancels the task and waits until it has ended")
{
  bool ended = false;
  wait todo = {.future = sp_create_task(refuse_to_stop, &ended), .timeout = 0.4};
  sp_task *waiter = sp_create_task(wait_for, &todo);
  iterate(1);
  CHECK(sp_task_cancel(waiter, NULL));
  CHECK_EQ(sp_wait(&waiter, 1, INFINITY, SP_ALL_COMPLETED), 1);
  CHECK(ended);
  CHECK_TIME(loop_time(), 0.2);
  CHECK_EQ(sp_await(waiter), 5);
}

BEHAVIOUR(wait_for_waits_for_a_task_that_refuses,
          "a limit that is over does not leave a task behind that still runs")
{
  bool ended = false;
  CHECK_EQ(sp_wait_for(sp_create_task(refuse_to_stop, &ended), 0.1), 5);
  CHECK(ended);
  CHECK_TIME(loop_time(), 0.2);
}

BEHAVIOUR(wait_for_takes_a_result_that_is_there, "a limit of no time is enough for what is done")
{
  sp_future *future = sp_future_new();
  CHECK_EQ(sp_future_set_result(future, 8), 0);
  CHECK_EQ(sp_wait_for(future, 0), 8);
  CHECK_EQ(sp_wait_for(future, -1), 8);
  CHECK(sp_future_done(future));
  sp_future_free(future);
}

static int begin(void *arg)
{
  (void)arg;
  note("begun");
  return 0;
}

BEHAVIOUR(wait_for_no_time_does_not_begin_a_task,
          "a task that is awaited with no time is cancelled before it begins")
{
  CHECK_ERROR(sp_wait_for(sp_create_task(begin, NULL), 0), SP_ETIMEDOUT, "timed out");
  SAW("");
}

static int sleep_and_note_the_end(void *arg)
{
  if (arg) CHECK_EQ(sp_future_set_result(arg, 0), 0);
  note("begun");
  int result = sp_sleep(10);
  note("ended");
  return result;
}

static void wait_for_no_time(double timeout)
{
  sp_future *started = sp_future_new();
  sp_task *task = sp_task_ref(sp_create_task(sleep_and_note_the_end, started));
  CHECK_EQ(sp_await(started), 0);
  CHECK_EQ(sp_wait_for(task, timeout), SP_ETIMEDOUT);
  CHECK(sp_future_done(task));
  CHECK(sp_future_cancelled(task));
  CHECK_TIME(loop_time(), 0);
  sp_task_detach(task);
  sp_future_free(started);
  SAW("begun ended");
}

BEHAVIOUR(wait_for_no_time_cancels_a_task_that_runs,
          "a limit of 0 or fewer seconds cancels a task and waits for its end")
{
  wait_for_no_time(0);
  wait_for_no_time(-1);
}

BEHAVIOUR(wait_for_cancels_a_task_that_is_late, "a limit that is over cancels the task")
{
  sp_task *task = sp_task_ref(sp_create_task(sleep_and_note_the_end, NULL));
  CHECK_EQ(sp_wait_for(task, 0.1), SP_ETIMEDOUT);
  CHECK(sp_future_done(task));
  CHECK(sp_future_cancelled(task));
  CHECK_TIME(loop_time(), 0.1);
  sp_task_detach(task);
  SAW("begun ended");
}

BEHAVIOUR(wait_for_may_have_no_limit, "without a limit it is a wait like any other")
{
  CHECK_EQ(sp_wait_for(task_returning(3), INFINITY), 3);
}

static void set_four(void *future) { CHECK_EQ(sp_future_set_result(future, 4), 0); }

BEHAVIOUR(wait_for_takes_a_result_that_comes, "a result that comes in time ends the wait")
{
  sp_future *future = sp_future_new();
  sp_loop_call_soon(sp_loop_running(), set_four, future);
  CHECK_EQ(sp_wait_for(future, 0.2), 4);
  CHECK_TIME(loop_time(), 0);
  sp_future_free(future);
}

static int return_at_cancellation(void *arg)
{
  CHECK_EQ(sp_sleep(10), SP_ECANCELED);
  return *(const int *)arg;
}

BEHAVIOUR(result_in_answer_to_a_timeout_is_the_result,
          "a task that gets over the limit and returns has its result taken")
{
  int one = 1;
  CHECK_EQ(sp_wait_for(sp_create_task(return_at_cancellation, &one), 0.01), 1);
  CHECK_TIME(loop_time(), 0.01);
  CHECK_EQ(sp_task_cancelling(sp_task_current()), 0);
}

static int clean_up_slowly(void *arg)
{
  (void)arg;
  int result = sp_sleep(10);
  CHECK_EQ(result, SP_ECANCELED);
  CHECK_EQ(sp_sleep(0.0001), 0);
  note("cleaned-up");
  return result;
}

BEHAVIOUR(wait_for_waits_until_a_task_has_cleaned_up,
          "a limit that is over waits for the cancelled task's end")
{
  CHECK_EQ(sp_wait_for(sp_create_task(clean_up_slowly, NULL), 0.0001), SP_ETIMEDOUT);
  CHECK_TIME(loop_time(), 0.0002);
  SAW("cleaned-up");
}

BEHAVIOUR(wait_for_no_time_waits_until_a_task_has_cleaned_up,
          "the same with a limit of no time for a task that has begun")
{
  sp_task *task = sp_create_task(clean_up_slowly, NULL);
  CHECK_EQ(sp_sleep(0.0001), 0);
  CHECK_EQ(sp_wait_for(task, 0), SP_ETIMEDOUT);
  CHECK_TIME(loop_time(), 0.0002);
  SAW("cleaned-up");
}

static int crash_at_cancellation(void *arg)
{
  (void)arg;
  CHECK_EQ(sp_sleep(0.2), SP_ECANCELED);
  return sp_fail(FAILED, "crashed");
}

BEHAVIOUR(error_in_answer_to_a_timeout_is_the_error,
          "a task that fails when the limit cancels it has its error told")
{
  sp_task *task = sp_create_task(crash_at_cancellation, NULL);
  CHECK_ERROR(sp_wait_for(task, 0.0001), FAILED, "crashed");
}

static int await_for_ever(void *never) { return sp_await(never); }

static void cancel_soon(void *task) { CHECK(sp_task_cancel(task, NULL)); }

static void cancel_a_wait(double timeout)
{
  sp_future *never = sp_future_new();
  sp_task *task = sp_task_ref(sp_create_task(await_for_ever, never));
  wait todo = {.future = task, .timeout = timeout};
  sp_task *waiter = sp_create_task(wait_for, &todo);
  sp_loop_call_soon(sp_loop_running(), cancel_soon, waiter);
  CHECK_EQ(sp_await(waiter), SP_ECANCELED);
  CHECK(sp_future_cancelled(task));
  sp_task_detach(task);
  sp_future_free(never);
}

BEHAVIOUR(cancelling_a_wait_without_limit_cancels_the_task,
          "the task is cancelled with who waits for it")
{
  cancel_a_wait(INFINITY);
}

BEHAVIOUR(cancelling_a_wait_with_a_limit_cancels_the_task,
          "the same before the limit is over, and it is no SP_ETIMEDOUT")
{
  cancel_a_wait(60);
}

BEHAVIOUR(wait_for_returns_what_a_task_returns_in_spite_of_the_limit,
          "a suppressed cancellation is no timeout")
{
  int result = 42;
  CHECK_EQ(sp_wait_for(sp_create_task(return_at_cancellation, &result), 0.1), 42);
  CHECK_TIME(loop_time(), 0.1);
}

static int wait_and_sleep(void *task)
{
  int result = sp_wait_for(task, 100);
  if (result == 9) result = sp_sleep(1);
  if (result == 0) note("reached-the-end");
  return result;
}

BEHAVIOUR(cancellation_is_not_lost_when_the_task_ends_in_that_iteration,
          "who is cancelled when the awaited task has just ended is cancelled, and not run on")
{
  sp_task *inner = sp_task_ref(task_returning(9));
  sp_task *waiter = sp_create_task(wait_and_sleep, inner);
  CHECK(!sp_future_done(waiter));
  iterate(1);
  CHECK(sp_task_cancel(waiter, NULL));
  CHECK_EQ(sp_await(waiter), SP_ECANCELED);
  CHECK(sp_future_done(inner));
  CHECK_EQ(sp_await(inner), 9);
  SAW("");
}

/* --- a limit for who waits, and not for what is awaited --- */

static int shield(void *task) { return sp_shield(task); }

BEHAVIOUR(shielded_task_outlives_a_wait_of_no_time,
          "a limit of no time cancels the shield and not the task behind it")
{
  sp_task *task = task_sleeping(0.01, 6);
  sp_task *shielded = sp_task_ref(sp_create_task(shield, task));
  CHECK_EQ(sp_wait_for(shielded, 0), SP_ETIMEDOUT);
  CHECK(!sp_future_done(task));
  CHECK(!sp_future_cancelled(task));
  CHECK(sp_future_cancelled(shielded));
  CHECK_EQ(sp_sleep(0.1), 0);
  CHECK(sp_future_done(task));
  CHECK_EQ(sp_await(task), 6);
  sp_task_detach(shielded);
}

BEHAVIOUR(shield_without_limit_waits_for_the_task, "a shield waits as any other wait does")
{
  sp_task *task = task_sleeping(0.1, 6);
  CHECK_EQ(sp_wait_for(sp_create_task(shield, task), INFINITY), 6);
  CHECK(sp_future_done(task));
  CHECK_EQ(sp_await(task), 6);
}

BEHAVIOUR(shielded_task_outlives_a_timeout, "a limit that is over does not reach a shielded task")
{
  sp_timeout limit;
  sp_task *task = task_sleeping(0.1, 6);
  CHECK_EQ(sp_timeout_open(&limit, 0.01), 0);
  CHECK_EQ(sp_timeout_close(&limit, sp_shield(task)), SP_ETIMEDOUT);
  CHECK_TIME(loop_time(), 0.01);
  CHECK(!sp_future_done(task));
  CHECK(!sp_future_cancelled(task));
  CHECK_EQ(sp_await(task), 6);
  CHECK_TIME(loop_time(), 0.1);
}
