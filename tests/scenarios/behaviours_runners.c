/* Behaviours of runs with a main task: what comes out, what becomes of what is left, and what the
 * next run on the same loop finds. */
#include "behaviours.h"

enum { FAILED = SP_EUSER - 1, LEFT = SP_EUSER - 2 };

/* --- what comes out --- */

static int return_42(void *arg)
{
  (void)arg;
  CHECK_EQ(sp_sleep(0), 0);
  return 42;
}

BEHAVIOUR_OUTSIDE(run_returns_the_result, "a run returns what its main task returns")
{
  CHECK_EQ(sp_run(return_42, NULL), 42);
}

static int fail(void *message)
{
  CHECK_EQ(sp_sleep(0), 0);
  return sp_fail(FAILED, "%s", (const char *)message);
}

BEHAVIOUR_OUTSIDE(run_returns_the_error, "a run returns its main task's error, with the message")
{
  CHECK_ERROR(sp_run(fail, "spam"), FAILED, "spam");
}

/* --- the loop of a run --- */

static int is_debug(void *arg)
{
  (void)arg;
  return sp_loop_debug(sp_loop_running());
}

BEHAVIOUR_OUTSIDE(loop_can_be_made_in_debug_mode, "a loop is in debug mode only when asked for")
{
  sp_loop *plain = sp_loop_new(&(sp_loop_options){.debug = false});
  sp_loop *debug = sp_loop_new(&(sp_loop_options){.debug = true});
  CHECK(!sp_loop_debug(plain));
  CHECK(sp_loop_debug(debug));
  CHECK_EQ(sp_loop_run(plain, is_debug, NULL), 0);
  CHECK_EQ(sp_loop_run(debug, is_debug, NULL), 1);
  CHECK_EQ(sp_run(is_debug, NULL), 0);
  CHECK_EQ(sp_loop_free(plain), 0);
  CHECK_EQ(sp_loop_free(debug), 0);
}

static int is_running_loop(void *loop) { return sp_loop_running() == loop; }

BEHAVIOUR_OUTSIDE(run_can_be_on_a_given_loop, "a run is on the loop that it is given")
{
  sp_loop *loop = new_loop();
  CHECK_EQ(sp_loop_run(loop, is_running_loop, loop), 1);
  CHECK_EQ(sp_loop_free(loop), 0);
}

BEHAVIOUR_OUTSIDE(loop_runs_until_a_future_is_done, "a loop returns the result of a future at once")
{
  sp_loop *loop = new_loop();
  sp_future *future = sp_loop_create_future(loop);
  CHECK_EQ(sp_future_set_result(future, 3), 0);
  CHECK_EQ(sp_loop_run_until_complete(loop, future), 3);
  sp_future_free(future);
  CHECK_EQ(sp_loop_free(loop), 0);
}

static int note_run(void *arg)
{
  note("%s", (const char *)arg);
  return 42;
}

BEHAVIOUR_OUTSIDE(closed_loop_refuses_to_run,
                  "a loop that was closed after a run does not run again")
{
  sp_loop *loop = new_loop();
  CHECK_EQ(sp_loop_run(loop, note_run, "first"), 42);
  CHECK_EQ(sp_loop_close(loop), 0);
  CHECK(sp_loop_is_closed(loop));
  CHECK_ERROR(sp_loop_run(loop, note_run, "second"), SP_ECLOSED, "Event loop is closed");
  SAW("first");
  CHECK_EQ(sp_loop_free(loop), 0);
}

BEHAVIOUR_OUTSIDE(loop_that_never_ran_can_be_closed,
                  "a loop may be closed without a run, and again")
{
  sp_loop *loop = new_loop();
  CHECK_EQ(sp_loop_close(loop), 0);
  CHECK(sp_loop_is_closed(loop));
  CHECK_EQ(sp_loop_close(loop), 0);
  CHECK(sp_loop_is_closed(loop));
  CHECK_ERROR(sp_loop_run(loop, note_run, "never"), SP_ECLOSED, "Event loop is closed");
  CHECK_EQ(sp_loop_free(loop), 0);
}

BEHAVIOUR(run_inside_a_run_is_refused, "neither the loop that runs nor another can be run inside")
{
  CHECK_ERROR(sp_run(note_run, "never"), SP_ERUNNING, "This event loop is already running");
  CHECK_ERROR(sp_loop_run(sp_loop_running(), note_run, "never"), SP_ERUNNING,
              "This event loop is already running");
  iterate(2);
}

static const sp_local variable = {"variable", "unset"};

static int set_variable(void *value)
{
  note("%s", (const char *)sp_local_get(&variable));
  CHECK_EQ(sp_sleep(0), 0);
  return sp_local_set(&variable, value);
}

BEHAVIOUR_OUTSIDE(locals_are_kept_between_runs,
                  "what a main task sets in its locals is there for the next one on the loop")
{
  sp_loop *loop = new_loop();
  CHECK_EQ(sp_loop_run(loop, set_variable, "one"), 0);
  CHECK_EQ(sp_loop_run(loop, set_variable, "two"), 0);
  CHECK_EQ(sp_loop_run(loop, set_variable, "three"), 0);
  SAW("unset one two");
  CHECK_EQ(sp_loop_free(loop), 0);
  CHECK_EQ(sp_run(set_variable, "four"), 0);
  SAW("unset");
}

/* --- what is left at the end --- */

static sp_task *left;

static int leave_a_task(void *arg)
{
  (void)arg;
  left = task_sleeping(0.1, 0);
  return 123;
}

BEHAVIOUR_OUTSIDE(run_cancels_what_is_left,
                  "tasks that are not done when the main task is are ended")
{
  sp_loop *loop = new_loop();
  CHECK_EQ(sp_loop_run(loop, leave_a_task, NULL), 123);
  CHECK(sp_future_done(left));
  CHECK(sp_future_cancelled(left));
  CHECK_TIME(sp_loop_time(loop), 0);
  sp_task_detach(left);
  CHECK_EQ(sp_loop_free(loop), 0);
}

static int fail_when_cancelled(void *arg)
{
  (void)arg;
  CHECK_EQ(sp_sleep(0.1), SP_ECANCELED);
  return sp_fail(LEFT, "crashed");
}

static int leave_one_that_fails(void *arg)
{
  (void)arg;
  left = sp_create_task(fail_when_cancelled, NULL);
  CHECK_EQ(sp_sleep(0), 0);
  return 123;
}

BEHAVIOUR_OUTSIDE(error_of_what_is_left_is_reported,
                  "a task that fails when the end of the run cancels it is reported")
{
  sp_loop *loop = new_loop();
  CHECK_EQ(sp_loop_run(loop, leave_one_that_fails, NULL), 123);
  CHECK(sp_future_done(left));
  const kept_report *report = REPORTED("unhandled exception during sp_run() shutdown");
  CHECK_EQ(report->code, LEFT);
  CHECK_STR(report->error_message, "crashed");
  CHECK_STR(report->repr, repr_of(left));
  sp_task_detach(left);
  CHECK_EQ(sp_loop_free(loop), 0);
}

static int fidget(sp_generator *self, void *arg)
{
  int error = 0;
  while (error == 0) {
    error = sp_yield(self, arg);
    if (error == 0) error = sp_sleep(1);
  }
  note("fidget:%s", sp_error_name(error));
  return error;
}

static sp_generator *spinner;

static int spin(void *arg)
{
  void *value;
  spinner = sp_generator_new(fidget, arg);
  while (sp_generator_next(spinner, &value) > 0) note("spins");
  return sp_fail(LEFT, "crashed");
}

static int leave_a_generator(void *standing)
{
  void *value;
  sp_generator *other = sp_generator_new(fidget, &other);
  if (standing) CHECK_EQ(sp_generator_next(other, &value), 1);
  left = sp_create_task(spin, &value);
  CHECK_EQ(sp_sleep(0), 0);
  return sp_fail(FAILED, "fancy exit");
}

static void leave_generators(void *standing)
{
  sp_loop *loop = new_loop();
  CHECK_ERROR(sp_loop_run(loop, leave_a_generator, standing), FAILED, "fancy exit");
  CHECK(sp_future_done(left));
  CHECK_EQ(REPORTED("unhandled exception during sp_run() shutdown")->code, LEFT);
  sp_task_detach(left);
  CHECK_EQ(sp_loop_free(loop), 0);
}

BEHAVIOUR_OUTSIDE(generators_are_closed_at_the_end,
                  "whatever failed, no generator is left in the middle when a run ends")
{
  leave_generators(NULL);
  SAW("spins fidget:SP_ECANCELED");
  leave_generators(&left);
  SAW("spins fidget:SP_ECANCELED fidget:SP_EGENERATOREXIT");
}
