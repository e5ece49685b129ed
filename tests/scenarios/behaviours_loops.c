/* Behaviours of the loop: callbacks, timers, runs, reports, debug mode, the factory of tasks.
 * @stderr A report for the default handler
 * @stderr error: SP_EIO\(-45, 'unplugged'\)
 * @stderr Executing a callback took \d+\.\d\d\d seconds
 * @stderr Executing <Task pending name='Task-1' coro=<stop_its_loop\(\) .*> took \d */
#include <stdio.h>
#include <string.h>

#include "behaviours.h"

enum { FAILED = SP_EUSER - 1 };

static void note_word(void *word) { note("%s", (const char *)word); }

static void stop(void *loop) { sp_loop_stop(loop); }

/* Runs the loop for one iteration. */
static void run_once(sp_loop *loop)
{
  sp_loop_stop(loop);
  CHECK_EQ(sp_loop_run_forever(loop), 0);
}

/* --- callbacks --- */

BEHAVIOUR(callback_runs_in_the_next_iteration,
          "call_soon has a function called once, after what is ready already")
{
  sp_handle first = sp_loop_call_soon(sp_loop_running(), note_word, "first");
  sp_loop_call_soon(sp_loop_running(), note_word, "second");
  CHECK(isnan(sp_handle_when(first)));
  SAW("");
  iterate(1);
  SAW("first second");
  iterate(2);
}

BEHAVIOUR(callback_taken_back_is_not_called, "a call that was cancelled does not happen")
{
  sp_handle handle = sp_loop_call_soon(sp_loop_running(), note_word, "never");
  sp_loop_call_soon(sp_loop_running(), note_word, "called");
  sp_handle_cancel(handle);
  CHECK(sp_handle_cancelled(handle));
  iterate(2);
  SAW("called");
}

/* --- timers --- */

BEHAVIOUR(timer_is_called_after_its_delay, "call_later has a function called after so many seconds")
{
  sp_handle handle = sp_loop_call_later(sp_loop_running(), 10, note_word, "called");
  CHECK_TIME(sp_handle_when(handle), 10);
  iterate(3);
  CHECK_EQ(sp_sleep(9.9), 0);
  SAW("");
  CHECK_EQ(sp_sleep(0.2), 0);
  SAW("called");
  CHECK(!sp_loop_call_later(sp_loop_running(), NAN, note_word, "never").call);
  CHECK_STR(sp_error_message(), "Invalid delay: NaN (not a number)");
}

BEHAVIOUR(timers_in_the_past_are_called_in_order,
          "negative delays are over at once, and the earlier time comes first")
{
  sp_loop_call_later(sp_loop_running(), -1, note_word, "second");
  sp_loop_call_later(sp_loop_running(), -2, note_word, "first");
  iterate(2);
  SAW("first second");
}

BEHAVIOUR_OUTSIDE(timer_is_called_at_its_moment, "call_at has a function called at a time")
{
  sp_loop *loop = new_loop();
  sp_loop_call_at(loop, sp_loop_time(loop) + 0.1, stop, loop);
  CHECK_EQ(sp_loop_run_forever(loop), 0);
  CHECK_TIME(sp_loop_time(loop), 0.1);
  CHECK(!sp_loop_call_at(loop, NAN, note_word, "never").call);
  CHECK_STR(sp_error_message(), "Invalid delay: NaN (not a number)");
  CHECK_EQ(sp_loop_free(loop), 0);
}

BEHAVIOUR_OUTSIDE(timer_taken_back_is_not_waited_for,
                  "the loop goes to the next timer that was not cancelled, or none")
{
  sp_loop *loop = new_loop();
  sp_handle_cancel(sp_loop_call_later(loop, 5, note_word, "never"));
  CHECK_EQ(sp_loop_run_forever(loop), SP_EDEADLOCK);
  CHECK_TIME(sp_loop_time(loop), 0);
  sp_handle_cancel(sp_loop_call_later(loop, 5, note_word, "never"));
  sp_loop_call_later(loop, 10, stop, loop);
  CHECK_EQ(sp_loop_run_forever(loop), 0);
  CHECK_TIME(sp_loop_time(loop), 10);
  CHECK_EQ(sp_loop_free(loop), 0);
}

static void schedule_another(void *loop)
{
  note("one");
  sp_loop_call_soon(loop, note_word, "another");
}

BEHAVIOUR_OUTSIDE(what_a_callback_schedules_waits_an_iteration,
                  "a call made by a timer's callback is not in the same iteration")
{
  sp_loop *loop = new_loop();
  sp_loop_call_at(loop, -1, schedule_another, loop);
  run_once(loop);
  SAW("one");
  run_once(loop);
  SAW("another");
  CHECK_EQ(sp_loop_free(loop), 0);
}

static void cancel_timers(double delay, sp_handle *handles, int count)
{
  for (int i = 0; i < count; i++) {
    handles[i] = sp_loop_call_later(sp_loop_running(), delay, note_word, "never");
    sp_handle_cancel(handles[i]);
  }
}

static int still_cancelled(const sp_handle *handles, int count)
{
  int still = 0;
  for (int i = 0; i < count; i++) still += sp_handle_cancelled(handles[i]);
  return still;
}

BEHAVIOUR(many_timers_taken_back_do_not_stay,
          "cancelled timers go when they come up, or when they are most of more than a hundred")
{
  enum { KEPT = 49, CANCELLED = 51 };
  sp_handle late[2], early[2], many[CANCELLED], kept[KEPT];
  sp_handle first = sp_loop_call_later(sp_loop_running(), 3000, note_word, "never");
  cancel_timers(3600, late, 2);
  cancel_timers(100, early, 2);
  CHECK_EQ(still_cancelled(late, 2) + still_cancelled(early, 2), 4);
  iterate(1);
  CHECK_EQ(still_cancelled(early, 2), 0);
  CHECK_EQ(still_cancelled(late, 2), 2);
  for (int i = 0; i < KEPT; i++) {
    kept[i] = sp_loop_call_later(sp_loop_running(), 3600, note_word, "never");
  }
  cancel_timers(3600, many, CANCELLED);
  CHECK_EQ(still_cancelled(many, CANCELLED), CANCELLED);
  iterate(1);
  CHECK_EQ(still_cancelled(many, CANCELLED) + still_cancelled(late, 2), 0);
  CHECK_TIME(sp_handle_when(first), 3000);
  for (int i = 0; i < KEPT; i++) CHECK_TIME(sp_handle_when(kept[i]), 3600);
}

/* --- runs --- */

BEHAVIOUR_OUTSIDE(
    loop_stopped_before_runs_one_iteration,
    "a run of a loop that was stopped calls what is ready, waits for nothing and ends")
{
  sp_loop *loop = new_loop();
  sp_loop_call_soon(loop, note_word, "called");
  sp_loop_call_later(loop, 10, note_word, "never");
  run_once(loop);
  SAW("called");
  run_once(loop);
  CHECK_TIME(sp_loop_time(loop), 0);
  CHECK_EQ(sp_loop_free(loop), 0);
}

static void note_running(void *loop)
{
  note("%s", sp_loop_running() == loop && sp_loop_is_running(loop) ? "running" : "not-running");
}

BEHAVIOUR_OUTSIDE(loop_can_be_run_by_single_iterations,
                  "a loop that is run iteration by iteration is not running in between")
{
  sp_loop *loop = new_loop();
  sp_loop_call_soon(loop, note_running, loop);
  for (int i = 0; i < 10; i++) {
    run_once(loop);
    CHECK(!sp_loop_running());
    CHECK(!sp_loop_is_running(loop));
  }
  SAW("running");
  CHECK_EQ(sp_loop_free(loop), 0);
}

static void note_and_stop(void *loop)
{
  note("stopping");
  sp_loop_stop(loop);
  sp_loop_call_soon(loop, note_word, "later");
}

BEHAVIOUR_OUTSIDE(stop_ends_a_run_with_its_iteration,
                  "what is ready when the loop is stopped is called, what comes after it is not")
{
  sp_loop *loop = new_loop();
  sp_loop_call_soon(loop, note_and_stop, loop);
  sp_loop_call_soon(loop, note_word, "ready");
  CHECK_EQ(sp_loop_run_forever(loop), 0);
  SAW("stopping ready");
  run_once(loop);
  SAW("later");
  CHECK_EQ(sp_loop_free(loop), 0);
}

static sp_handle taken_back;

static void take_back(void *loop)
{
  (void)loop;
  note("take-back");
  sp_handle_cancel(taken_back);
}

static void happen(void *loop)
{
  note("event");
  sp_loop_call_soon(loop, take_back, loop);
}

BEHAVIOUR_OUTSIDE(what_became_ready_last_runs_in_the_next_run,
                  "what the last iteration of a run scheduled comes first in the next run, once")
{
  sp_loop *loop = new_loop();
  sp_loop_call_soon(loop, stop, loop);
  sp_loop_call_soon(loop, happen, loop);
  CHECK_EQ(sp_loop_run_forever(loop), 0);
  SAW("event");
  sp_loop_call_soon(loop, stop, loop);
  taken_back = sp_loop_call_soon(loop, happen, loop);
  CHECK_EQ(sp_loop_run_forever(loop), 0);
  SAW("take-back");
  CHECK_EQ(sp_loop_free(loop), 0);
}

static int sleep_for(void *seconds) { return sp_sleep(*(const double *)seconds); }

static int run_for(sp_loop *loop, double *seconds)
{
  sp_task *task = sp_loop_create_task(loop, sleep_for, seconds);
  int result = sp_loop_run_until_complete(loop, task);
  sp_task_detach(task);
  return result;
}

BEHAVIOUR_OUTSIDE(run_broken_off_does_not_end_the_next,
                  "a run that was stopped before its future is done has no part in the next")
{
  sp_loop *loop = new_loop();
  double one = 0.1, two = 0.2;
  sp_loop_call_soon(loop, stop, loop);
  CHECK_ERROR(run_for(loop, &one), SP_EINVALIDSTATE, "Event loop stopped before Future completed.");
  CHECK_EQ(run_for(loop, &two), 0);
  CHECK_TIME(sp_loop_time(loop), 0.2);
  CHECK_EQ(sp_loop_free(loop), 0);
}

BEHAVIOUR_OUTSIDE(stop_ends_a_run_before_its_future,
                  "a future whose run was stopped can be run to its end later")
{
  sp_loop *loop = new_loop();
  double seconds = 0.1;
  sp_task *task = sp_loop_create_task(loop, sleep_for, &seconds);
  sp_loop_call_soon(loop, stop, loop);
  CHECK_ERROR(sp_loop_run_until_complete(loop, task), SP_EINVALIDSTATE,
              "Event loop stopped before Future completed.");
  CHECK(!sp_future_done(task));
  CHECK_EQ(sp_loop_run_until_complete(loop, task), 0);
  CHECK_TIME(sp_loop_time(loop), 0.1);
  sp_task_detach(task);
  CHECK_EQ(sp_loop_free(loop), 0);
}

BEHAVIOUR_OUTSIDE(run_refuses_a_future_of_another_loop,
                  "a loop does not wait for a future that another one fulfils")
{
  sp_loop *loop = new_loop(), *other = new_loop();
  sp_future *future = sp_loop_create_future(loop);
  CHECK_ERROR(sp_loop_run_until_complete(other, future), SP_EINVAL,
              "The future belongs to a different loop");
  sp_future_free(future);
  CHECK_EQ(sp_loop_free(loop), 0);
  CHECK_EQ(sp_loop_free(other), 0);
}

static int fail(void *message) { return sp_fail(FAILED, "%s", (const char *)message); }

static int run_to_failure(sp_loop *loop)
{
  sp_task *task = sp_loop_create_task(loop, fail, "crashed");
  int result = sp_loop_run_until_complete(loop, task);
  sp_task_detach(task);
  return result;
}

BEHAVIOUR_OUTSIDE(error_that_a_run_returned_is_not_reported,
                  "who runs a loop until a task is done has the task's error")
{
  sp_loop *loop = new_loop();
  CHECK_ERROR(run_to_failure(loop), FAILED, "crashed");
  CHECK_EQ(sp_loop_free(loop), 0);
  CHECK_EQ((intmax_t)reports_left(), 0);
}

static void call_soon_to_stop(void *loop) { sp_loop_call_soon(loop, note_and_stop, loop); }

BEHAVIOUR_OUTSIDE(run_that_failed_leaves_no_stop_behind,
                  "a run whose future failed does not stop the next run")
{
  sp_loop *loop = new_loop();
  CHECK_EQ(run_to_failure(loop), FAILED);
  sp_loop_call_soon(loop, call_soon_to_stop, loop);
  CHECK_EQ(sp_loop_run_forever(loop), 0);
  SAW("stopping");
  CHECK_EQ(sp_loop_free(loop), 0);
}

BEHAVIOUR_OUTSIDE(loop_can_be_closed_again, "a closed loop stays closed, and refuses to run")
{
  sp_loop *loop = new_loop();
  CHECK(!sp_loop_is_closed(loop));
  for (int i = 0; i < 3; i++) {
    CHECK_EQ(sp_loop_close(loop), 0);
    CHECK(sp_loop_is_closed(loop));
  }
  sp_future *future = sp_loop_create_future(loop);
  CHECK_ERROR(sp_loop_run_forever(loop), SP_ECLOSED, "Event loop is closed");
  CHECK_ERROR(sp_loop_run_until_complete(loop, future), SP_ECLOSED, "Event loop is closed");
  CHECK(!sp_loop_call_soon(loop, note_word, "never").call);
  CHECK_STR(sp_error_message(), "Event loop is closed");
  sp_future_free(future);
  CHECK_EQ(sp_loop_free(loop), 0);
}

BEHAVIOUR(second_loop_inside_a_run_is_refused, "a thread runs one loop at a time")
{
  sp_loop *other = new_loop();
  CHECK_ERROR(sp_loop_run_forever(other), SP_ERUNNING,
              "Cannot run the event loop while another loop is running");
  CHECK_EQ(sp_loop_free(other), 0);
}

/* --- reports --- */

static void stop_when_done(sp_future *future, void *loop)
{
  (void)future;
  sp_loop_stop(loop);
}

static int fail_later(void *message)
{
  CHECK_EQ(sp_sleep(0.01), 0);
  return fail(message);
}

BEHAVIOUR_OUTSIDE(error_nobody_took_is_reported,
                  "the error of a task that nobody awaited is reported when the task is let go")
{
  sp_loop *loop = new_loop();
  sp_task *task = sp_loop_create_task(loop, fail_later, "crashed");
  CHECK_EQ(sp_future_add_done_callback(task, stop_when_done, loop), 0);
  CHECK_EQ(sp_loop_run_forever(loop), 0);
  CHECK_EQ((intmax_t)reports_left(), 0);
  sp_task_detach(task);
  const kept_report *report = REPORTED("Task exception was never retrieved");
  CHECK_EQ(report->code, FAILED);
  CHECK_STR(report->error_message, "crashed");
  CHECK(strstr(report->repr, "<Task finished name='Task-1' coro=<fail_later()") != NULL);
  CHECK_EQ(sp_loop_free(loop), 0);
}

static void note_report(sp_loop *loop, const sp_report *report, void *arg)
{
  CHECK(loop == sp_loop_running());
  note("%s:%s:%s", (const char *)arg, report->message, report->error_message);
}

BEHAVIOUR(handler_gets_the_reports_until_unset,
          "a loop's handler is given each report; without one they go to the default handler")
{
  sp_loop *loop = sp_loop_running();
  sp_loop_set_exception_handler(loop, note_report, "mine");
  sp_task_detach(sp_create_task(fail, "crashed"));
  iterate(1);
  SAW("mine:Task exception was never retrieved:crashed");
  sp_report report = {
      .message = "A report for the default handler", .code = SP_EIO, .error_message = "unplugged"};
  sp_loop_call_exception_handler(loop, &report);
  SAW("mine:A report for the default handler:unplugged");
  sp_loop_set_exception_handler(loop, NULL, NULL);
  sp_loop_call_exception_handler(loop, &report);
  SAW("");
}

/* --- debug mode --- */

BEHAVIOUR(debug_mode_can_be_switched, "a loop can be put into debug mode and out of it")
{
  sp_loop_set_debug(sp_loop_running(), true);
  CHECK(sp_loop_debug(sp_loop_running()));
  sp_loop_set_debug(sp_loop_running(), false);
  CHECK(!sp_loop_debug(sp_loop_running()));
}

static int stop_its_loop(void *loop)
{
  sp_loop_stop(loop);
  return 0;
}

BEHAVIOUR_OUTSIDE(slow_callback_and_slow_step_are_reported,
                  "debug mode tells of a callback or a step of a task that took too long")
{
  sp_loop *loop = new_loop();
  sp_loop_set_debug(loop, true);
  CHECK_TIME(sp_loop_slow_callback_duration(loop), 0.1);
  sp_loop_set_slow_callback_duration(loop, 0);
  sp_loop_call_soon(loop, stop, loop);
  CHECK_EQ(sp_loop_run_forever(loop), 0);
  sp_task_detach(sp_loop_create_task(loop, stop_its_loop, loop));
  CHECK_EQ(sp_loop_run_forever(loop), 0);
  CHECK_EQ(sp_loop_free(loop), 0);
}

/* --- the factory of tasks --- */

static sp_task *note_and_make(sp_loop *loop, sp_coroutine *fn, void *arg,
                              const sp_task_options *options, const char *fn_name,
                              const char *where, void *factory_arg)
{
  note("%s:%s", (const char *)factory_arg, options && options->name ? options->name : fn_name);
  return sp_loop_create_task_from(loop, fn, arg, options, fn_name, where);
}

static int nothing(void *arg)
{
  (void)arg;
  return 0;
}

BEHAVIOUR(factory_makes_the_tasks_until_unset, "whatever makes a task goes through the factory")
{
  sp_loop *loop = sp_loop_running();
  sp_task_group group;
  sp_loop_set_task_factory(loop, note_and_make, "mine");
  CHECK_EQ(sp_await(sp_create_task(nothing, NULL)), 0);
  CHECK_EQ(sp_await(sp_loop_create_task(loop, nothing, NULL)), 0);
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_task_group_spawn(&group, nothing, NULL), 0);
  CHECK_EQ(sp_task_group_close(&group, 0), 0);
  SAW("mine:nothing mine:nothing mine:nothing");
  sp_loop_set_task_factory(loop, NULL, NULL);
  CHECK_EQ(sp_await(sp_create_task(nothing, NULL)), 0);
  SAW("");
}

BEHAVIOUR(factory_gets_the_name, "a name that is given to a task goes to the factory")
{
  const sp_task_options named = {.name = "test_task"};
  sp_loop_set_task_factory(sp_loop_running(), note_and_make, "mine");
  sp_task *task = sp_create_task_with(nothing, NULL, &named);
  CHECK_STR(sp_task_name(task), "test_task");
  CHECK_EQ(sp_await(task), 0);
  sp_loop_set_task_factory(sp_loop_running(), NULL, NULL);
  SAW("mine:test_task");
}

/* --- generators that are let go --- */

static int count(sp_generator *self, void *arg)
{
  static int numbers[] = {0, 1, 2, 3, 4};
  (void)arg;
  note("started");
  int error = 0;
  for (int i = 0; error == 0 && i < 5; i++) error = sp_yield(self, &numbers[i]);
  note("finalized");
  return error;
}

static int take_one(void *generator)
{
  void *number;
  if (sp_generator_next(generator, &number) <= 0) return 0;
  if (*(int *)number == 3) {
    note("stopped");
  } else {
    sp_task_detach(sp_create_task(take_one, generator));
  }
  return 0;
}

BEHAVIOUR(generator_let_go_is_closed,
          "a generator that is freed at a yield is closed by a task of its own")
{
  sp_generator *generator = sp_generator_new(count, NULL);
  sp_task_detach(sp_create_task(take_one, generator));
  iterate(6);
  SAW("started stopped");
  sp_generator_free(generator);
  SAW("");
  iterate(2);
  SAW("finalized");
}

/* --- other threads --- */

static void check_refused(sp_loop *loop)
{
  const char *refusal =
      "Non-thread-safe operation invoked on an event loop other than the current one";
  CHECK(!sp_loop_call_soon(loop, note_word, "never").call);
  CHECK_STR(sp_error_message(), refusal);
  CHECK(!sp_loop_call_later(loop, 60, note_word, "never").call);
  CHECK_STR(sp_error_message(), refusal);
  CHECK(!sp_loop_call_at(loop, 60, note_word, "never").call);
  CHECK_STR(sp_error_message(), refusal);
}

static int call_from_a_thread(void *loop)
{
  check_refused(loop);
  return 0;
}

static int call_the_other_loop(void *arg)
{
  check_refused(arg);
  return 0;
}

static int call_from_a_thread_with_a_loop(void *loop)
{
  sp_loop *own = sp_loop_new(NULL);
  CHECK_EQ(sp_loop_run(own, call_the_other_loop, loop), 0);
  CHECK_EQ(sp_loop_free(own), 0);
  return 0;
}

BEHAVIOUR(call_from_another_thread_is_refused_in_debug_mode,
          "debug mode notices calls that only the loop's own thread may make")
{
  if (!sp_has_threads()) return;
  sp_loop *loop = sp_loop_running();
  sp_loop_set_debug(loop, true);
  sp_loop_set_slow_callback_duration(loop, 1000);
  CHECK_EQ(sp_to_thread(call_from_a_thread, loop), 0);
  CHECK_EQ(sp_to_thread(call_from_a_thread_with_a_loop, loop), 0);
}
