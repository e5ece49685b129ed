/* Behaviours of task groups: tasks that end together, whether they begin eagerly or not. */
#include "behaviours.h"

#include <stdio.h>
#include <string.h>

enum { CRASHED = SP_EUSER - 1 };

/* --- every behaviour is one of tasks that begin in the next iteration, and of eager ones --- */

#define GROUP_BEHAVIOUR(name, says)                                 \
  static void group_##name(void);                                   \
  BEHAVIOUR(name, says) { group_##name(); }                         \
  BEHAVIOUR(name##_with_eager_tasks, says ", when tasks are eager") \
  {                                                                 \
    sp_loop_set_task_factory(sp_loop_running(), make_eager, NULL);  \
    group_##name();                                                 \
  }                                                                 \
  static void group_##name(void)

static sp_task *make_eager(sp_loop *loop, sp_coroutine *fn, void *arg,
                           const sp_task_options *options, const char *fn_name, const char *where,
                           void *factory_arg)
{
  (void)factory_arg;
  sp_task_options eager = options ? *options : (sp_task_options){0};
  eager.eager_start = true;
  return sp_loop_create_task_from(loop, fn, arg, &eager, fn_name, where);
}

/* --- what the tasks do --- */

/* Sleeps, then ends with a result or crashes. */
typedef struct job {
  double seconds;
  int result;
  const char *name;       /* noted when it is cancelled */
  const char *crash;      /* the error's message; NULL: it ends well */
  const char *when_asked; /* the message of the error that it makes of a cancellation */
} job;

static int work(void *arg)
{
  const job *todo = arg;
  int error = sp_sleep(todo->seconds);
  if (error == SP_ECANCELED && todo->name) note("%s-cancelled", todo->name);
  if (error == SP_ECANCELED && todo->when_asked) return sp_fail(CRASHED, "%s", todo->when_asked);
  if (error < 0) return error;
  return todo->crash ? sp_fail(CRASHED, "%s", todo->crash) : todo->result;
}

static int crash_at_once(void *message) { return sp_fail(CRASHED, "%s", (const char *)message); }

static void spawn(sp_task_group *group, const job *todo)
{
  CHECK_EQ(sp_task_group_spawn(group, work, (void *)(uintptr_t)todo), 0);
}

/* --- what came out --- */

static size_t write_errors(const sp_error_group *group, char *text, size_t size)
{
  size_t at = 0;
  for (size_t i = 0; i < group->count; i++) {
    const sp_error_entry *one = &group->errors[i];
    at += (size_t)snprintf(text + at, size - at, "%s", i > 0 ? " " : "");
    if (one->group) {
      at += (size_t)snprintf(text + at, size - at, "[");
      at += write_errors(one->group, text + at, size - at);
      at += (size_t)snprintf(text + at, size - at, "]");
    } else {
      CHECK_EQ(one->code, CRASHED);
      at += (size_t)snprintf(text + at, size - at, "%s", one->message);
    }
  }
  return at;
}

/* The messages of the last error's group, those of a group in it in brackets. */
static const char *errors(void)
{
  static char text[512];
  const sp_error_group *group = sp_last_error_group();
  text[0] = '\0';
  if (group) write_errors(group, text, sizeof text);
  return group ? text : "no group";
}

/* Takes a handle of a task that is done. */
static bool was_cancelled(sp_task *task)
{
  bool cancelled = sp_future_cancelled(task);
  sp_task_detach(task);
  return cancelled;
}

/* Runs fn as a task and cancels it after `seconds`; its result. */
static int cancelled_after(double seconds, sp_coroutine *fn)
{
  sp_task *runner = sp_create_task(fn, NULL);
  CHECK_EQ(sp_sleep(seconds), 0);
  CHECK(!sp_future_done(runner));
  CHECK(sp_task_cancel(runner, NULL));
  return sp_await(runner);
}

/* --- tasks that end well --- */

GROUP_BEHAVIOUR(group_waits_for_its_tasks, "leaving a group waits until its tasks are done")
{
  sp_task_group group;
  job one = {.seconds = 0.1, .result = 42};
  job two = {.seconds = 0.2, .result = 11};
  CHECK_EQ(sp_task_group_open(&group), 0);
  sp_task *first = sp_task_group_create_task(&group, work, &one);
  sp_task *second = sp_task_group_create_task(&group, work, &two);
  CHECK_EQ(sp_task_group_close(&group, 7), 7);
  CHECK_TIME(loop_time(), 0.2);
  CHECK_EQ(sp_await(first), 42);
  CHECK_EQ(sp_await(second), 11);
}

GROUP_BEHAVIOUR(open_group_takes_tasks_at_any_time, "a task may join while others run")
{
  sp_task_group group;
  job one = {.seconds = 0.1, .result = 42};
  job two = {.seconds = 0.2, .result = 11};
  CHECK_EQ(sp_task_group_open(&group), 0);
  sp_task *first = sp_task_group_create_task(&group, work, &one);
  CHECK_EQ(sp_sleep(0.15), 0);
  sp_task *second = sp_task_group_create_task(&group, work, &two);
  CHECK_EQ(sp_task_group_close(&group, 0), 0);
  CHECK_TIME(loop_time(), 0.35);
  CHECK_EQ(sp_await(first), 42);
  CHECK_EQ(sp_await(second), 11);
}

GROUP_BEHAVIOUR(cancelled_task_does_not_fail_its_group,
                "a task that is cancelled alone harms neither the group nor the others")
{
  sp_task_group group;
  job one = {.seconds = 1, .result = 42};
  job two = {.seconds = 0.2, .result = 11};
  CHECK_EQ(sp_task_group_open(&group), 0);
  sp_task *first = sp_task_group_create_task(&group, work, &one);
  CHECK_EQ(sp_sleep(0.15), 0);
  CHECK(sp_task_cancel(first, NULL));
  sp_task *second = sp_task_group_create_task(&group, work, &two);
  CHECK_EQ(sp_task_group_close(&group, 0), 0);
  CHECK_TIME(loop_time(), 0.35);
  CHECK(was_cancelled(first));
  CHECK_EQ(sp_await(second), 11);
}

GROUP_BEHAVIOUR(group_forgets_tasks_that_have_ended,
                "only tasks that are not done count as the group's")
{
  sp_task_group group;
  job shortly = {.seconds = 0.3};
  CHECK_EQ(sp_task_group_open(&group), 0);
  for (int i = 0; i < 10; i++) {
    CHECK_EQ(sp_sleep(0.1), 0);
    spawn(&group, &shortly);
    if (i == 5) CHECK(sp_all_tasks(sp_loop_running(), NULL, 0) - 1 < 5);
  }
  CHECK_EQ(sp_sleep(1.35), 0);
  job waits = {.seconds = INFINITY, .name = "the-only-one"};
  spawn(&group, &waits);
  CHECK_EQ(sp_task_group_spawn(&group, crash_at_once, "crashed"), 0);
  CHECK_EQ(sp_sleep(INFINITY), SP_ECANCELED);
  CHECK_EQ(sp_task_group_spawn(&group, work, &shortly), SP_EINVALIDSTATE);
  CHECK_STR(sp_error_message(),
            "TaskGroup <TaskGroup tasks=1 errors=1 cancelling> is shutting down");
  CHECK_EQ(sp_task_group_close(&group, SP_ECANCELED), SP_EGROUP);
  SAW("the-only-one-cancelled");
}

static int spawn_two_more(void *arg)
{
  static const job one = {.seconds = 0.1}, two = {.seconds = 0.2};
  CHECK_EQ(sp_sleep(0.1), 0);
  spawn(arg, &one);
  spawn(arg, &two);
  return 0;
}

GROUP_BEHAVIOUR(task_of_a_group_may_add_to_it,
                "a group that is being left waits for what its tasks spawn, too")
{
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_task_group_spawn(&group, spawn_two_more, &group), 0);
  CHECK_EQ(sp_task_group_close(&group, 0), 0);
  CHECK_TIME(loop_time(), 0.3);
}

static int heads;

static int hydra(void *arg)
{
  sp_task_group *group = arg;
  heads++;
  int error = sp_sleep(0.01);
  if (error == 0) error = sp_task_group_spawn(group, hydra, group);
  if (error == 0) error = sp_task_group_spawn(group, hydra, group);
  return error;
}

static int hercules(void *arg)
{
  (void)arg;
  while (heads < 10) CHECK_EQ(sp_sleep(0.015), 0);
  return sp_fail(CRASHED, "enough");
}

GROUP_BEHAVIOUR(group_that_grows_is_stopped_by_an_error,
                "an error cancels all tasks, however many were spawned by others")
{
  sp_task_group group;
  heads = 0;
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_task_group_spawn(&group, hydra, &group), 0);
  CHECK_EQ(sp_task_group_spawn(&group, hercules, NULL), 0);
  CHECK_EQ(sp_task_group_close(&group, 0), SP_EGROUP);
  CHECK_STR(errors(), "enough");
  CHECK(heads >= 10);
}

/* --- tasks that fail --- */

static sp_task *other;

static int group_of_a_failing_task(void *arg)
{
  (void)arg;
  sp_task_group group;
  job fails = {.seconds = 0.1, .crash = "crashed"};
  job sleeps = {.seconds = 1, .name = "other"};
  CHECK_EQ(sp_task_group_open(&group), 0);
  spawn(&group, &fails);
  other = sp_task_group_create_task(&group, work, &sleeps);
  int result = sp_task_group_close(&group, 0);
  if (result >= 0) note("went on");
  return result;
}

GROUP_BEHAVIOUR(failed_task_cancels_the_others, "a task that fails ends the group and the others")
{
  sp_task *runner = sp_create_task(group_of_a_failing_task, NULL);
  CHECK_ERROR(sp_await(runner), SP_EGROUP, "unhandled errors in a TaskGroup (1 sub-exception)");
  CHECK_STR(errors(), "crashed");
  CHECK_TIME(loop_time(), 0.1);
  CHECK(was_cancelled(other));
  SAW("other-cancelled");
}

static int group_of_three_failing_tasks(void *arg)
{
  (void)arg;
  sp_task_group group;
  job fails[] = {{.seconds = 0.1, .crash = "one"},
                 {.seconds = 0.1, .crash = "two"},
                 {.seconds = 0.1, .crash = "three"}};
  job sleeps = {.seconds = 5, .name = "other"};
  CHECK_EQ(sp_task_group_open(&group), 0);
  for (int i = 0; i < 3; i++) spawn(&group, &fails[i]);
  spawn(&group, &sleeps);
  int result = sp_sleep(10);
  if (result == SP_ECANCELED) note("body-cancelled");
  return sp_task_group_close(&group, result);
}

GROUP_BEHAVIOUR(errors_of_tasks_come_out_together,
                "tasks that fail in one iteration are all in the group's error, and the task that "
                "opened the group is cancelled")
{
  sp_task *runner = sp_create_task(group_of_three_failing_tasks, NULL);
  CHECK_ERROR(sp_await(runner), SP_EGROUP, "unhandled errors in a TaskGroup (3 sub-exceptions)");
  const char *heap_orders[] = {"one two three", "one three two"}; /* of equal times */
  CHECK(strcmp(errors(), heap_orders[0]) == 0 || strcmp(errors(), heap_orders[1]) == 0);
  CHECK_TIME(loop_time(), 0.1);
  SAW("other-cancelled body-cancelled");
}

static int try_to_add(void *arg)
{
  CHECK_EQ(sp_sleep(1), SP_ECANCELED);
  CHECK_ERROR(sp_task_group_spawn(arg, crash_at_once, "not called"), SP_EINVALIDSTATE,
              "TaskGroup <TaskGroup tasks=1 errors=1 cancelling> is shutting down");
  note("refused");
  return 0;
}

GROUP_BEHAVIOUR(group_that_failed_takes_no_tasks, "nothing joins a group that is shutting down")
{
  sp_task_group group;
  job fails = {.seconds = 0.001, .crash = "crashed"};
  CHECK_EQ(sp_task_group_open(&group), 0);
  spawn(&group, &fails);
  CHECK_EQ(sp_task_group_spawn(&group, try_to_add, &group), 0);
  CHECK_EQ(sp_task_group_close(&group, 0), SP_EGROUP);
  CHECK_STR(errors(), "crashed");
  SAW("refused");
}

static int add_one_that_fails(void *arg)
{
  CHECK_EQ(sp_task_group_spawn(arg, crash_at_once, "third"), 0);
  int result = sp_sleep(0); /* an eager one has failed by now */
  if (result == 0) result = sp_sleep(0);
  CHECK_EQ(result, SP_ECANCELED);
  note("cancelled");
  return 0;
}

GROUP_BEHAVIOUR(task_is_cancelled_by_the_failure_of_one_that_it_added,
                "a task that fails at once does not end the group before the next iteration")
{
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_task_group_spawn(&group, add_one_that_fails, &group), 0);
  CHECK_EQ(sp_task_group_close(&group, 0), SP_EGROUP);
  CHECK_STR(errors(), "third");
  SAW("cancelled");
}

/* --- the task that opened the group is cancelled --- */

static void spawn_five(sp_task_group *group, const job *todo)
{
  for (int i = 0; i < 5; i++) spawn(group, todo);
}

static int wait_for_five(void *arg)
{
  (void)arg;
  static const job sleeps = {.seconds = 5, .name = "task"};
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  spawn_five(&group, &sleeps);
  return sp_task_group_close(&group, 0);
}

GROUP_BEHAVIOUR(cancelling_the_close_cancels_the_tasks,
                "the cancellation of a task that waits in the close reaches all tasks of the group")
{
  CHECK_EQ(cancelled_after(0.1, wait_for_five), SP_ECANCELED);
  CHECK_TIME(loop_time(), 0.1);
  SAW("task-cancelled task-cancelled task-cancelled task-cancelled task-cancelled");
}

static int sleep_beside_five(void *arg)
{
  (void)arg;
  static const job sleeps = {.seconds = 5, .name = "task"};
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  spawn_five(&group, &sleeps);
  int result = sp_sleep(10);
  if (result == SP_ECANCELED) note("body-cancelled");
  return sp_task_group_close(&group, result);
}

GROUP_BEHAVIOUR(cancelling_the_body_cancels_the_tasks,
                "a cancellation between open and close goes on to all tasks of the group")
{
  CHECK_EQ(cancelled_after(0.1, sleep_beside_five), SP_ECANCELED);
  CHECK_TIME(loop_time(), 0.1);
  SAW("body-cancelled task-cancelled task-cancelled task-cancelled task-cancelled "
      "task-cancelled");
}

static const job crashes_when_cancelled = {.seconds = 10, .when_asked = "crashed"};

static int sleep_beside_five_that_crash(void *arg)
{
  (void)arg;
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  spawn_five(&group, &crashes_when_cancelled);
  return sp_task_group_close(&group, sp_sleep(10));
}

GROUP_BEHAVIOUR(errors_come_before_a_cancellation,
                "tasks that fail while they are cancelled make it an error of the group")
{
  CHECK_EQ(cancelled_after(0.1, sleep_beside_five_that_crash), SP_EGROUP);
  CHECK_STR(errors(), "crashed crashed crashed crashed crashed");
}

static int sleep_in_an_empty_group(void *arg)
{
  (void)arg;
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  int result = sp_sleep(10);
  if (result == SP_ECANCELED) note("cancelled");
  return sp_task_group_close(&group, result);
}

GROUP_BEHAVIOUR(empty_group_passes_a_cancellation_on,
                "a cancellation in a group without tasks comes out as it is")
{
  CHECK_EQ(cancelled_after(0.1, sleep_in_an_empty_group), SP_ECANCELED);
  SAW("cancelled");
}

static int crash_in_an_empty_group(void *arg)
{
  (void)arg;
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_sleep(10), SP_ECANCELED);
  return sp_task_group_close(&group, sp_fail(CRASHED, "instead"));
}

GROUP_BEHAVIOUR(error_in_place_of_a_cancellation_comes_out,
                "a body that answers its cancellation with an error fails with that")
{
  CHECK_EQ(cancelled_after(0.1, crash_in_an_empty_group), SP_EGROUP);
  CHECK_STR(errors(), "instead");
}

static int clean_up_slowly_beside_a_crash(void *arg)
{
  (void)arg;
  sp_task_group group;
  job fails = {.seconds = 0.3, .crash = "crashed"};
  CHECK_EQ(sp_task_group_open(&group), 0);
  spawn(&group, &fails);
  CHECK_EQ(sp_sleep(10), SP_ECANCELED);
  int result = sp_sleep(0.5);
  return sp_task_group_close(&group, result < 0 ? result : SP_ECANCELED);
}

GROUP_BEHAVIOUR(failed_task_cancels_a_body_that_cleans_up,
                "a body that was cancelled is cancelled again when a task fails meanwhile")
{
  CHECK_EQ(cancelled_after(0.1, clean_up_slowly_beside_a_crash), SP_EGROUP);
  CHECK_STR(errors(), "crashed");
  CHECK_TIME(loop_time(), 0.3);
}

static int await_another_that_cleans_up(void *arg)
{
  (void)arg;
  return sp_await(sp_create_task(clean_up_slowly_beside_a_crash, NULL));
}

GROUP_BEHAVIOUR(cancellation_reaches_a_group_in_an_awaited_task,
                "the same when the task that opened the group is cancelled through another")
{
  CHECK_EQ(cancelled_after(0.1, await_another_that_cleans_up), SP_EGROUP);
  CHECK_STR(errors(), "crashed");
  CHECK_TIME(loop_time(), 0.3);
}

/* --- what happens between open and close fails --- */

static void fail_body(sp_task_group *group, bool tasks_have_begun)
{
  job one = {.seconds = 1, .result = 42};
  job two = {.seconds = 2, .result = 11};
  CHECK_EQ(sp_task_group_open(group), 0);
  sp_task *first = sp_task_group_create_task(group, work, &one);
  sp_task *second = sp_task_group_create_task(group, work, &two);
  if (tasks_have_begun) CHECK_EQ(sp_sleep(0.1), 0);
  CHECK_EQ(sp_task_group_close(group, sp_fail(CRASHED, "body")), SP_EGROUP);
  CHECK_STR(errors(), "body");
  CHECK(was_cancelled(first));
  CHECK(was_cancelled(second));
  CHECK_TIME(loop_time(), tasks_have_begun ? 0.1 : 0);
}

GROUP_BEHAVIOUR(error_of_the_body_cancels_the_tasks,
                "an error between open and close cancels the tasks and is the group's")
{
  sp_task_group group;
  fail_body(&group, true);
}

GROUP_BEHAVIOUR(error_of_the_body_cancels_new_tasks, "the same before the tasks have begun")
{
  sp_task_group group;
  fail_body(&group, false);
}

static int crash_in_clean_up(void *arg)
{
  (void)arg;
  sp_task_group group;
  job fails = {.seconds = 0.1, .crash = "task"};
  CHECK_EQ(sp_task_group_open(&group), 0);
  spawn(&group, &fails);
  CHECK_EQ(sp_sleep(10), SP_ECANCELED);
  return sp_task_group_close(&group, sp_fail(CRASHED, "body"));
}

GROUP_BEHAVIOUR(errors_of_tasks_and_of_the_body_come_out_together,
                "what failed in the tasks comes first, then what failed in the body")
{
  CHECK_EQ(sp_await(sp_create_task(crash_in_clean_up, NULL)), SP_EGROUP);
  CHECK_STR(errors(), "task body");
}

static int open_crash_and_sleep(void *arg)
{
  (void)arg;
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_task_group_spawn(&group, crash_at_once, "task"), 0);
  CHECK_EQ(sp_sleep(1), SP_ECANCELED);
  CHECK_EQ(sp_task_group_close(&group, sp_fail(CRASHED, "clean-up")), SP_EGROUP);
  CHECK_STR(errors(), "task clean-up");
  CHECK_EQ(sp_task_cancelling(sp_task_current()), 0);
  return 0;
}

GROUP_BEHAVIOUR(clean_up_that_fails_leaves_no_cancellation,
                "a body that fails when the group cancels it is not cancelled any more afterwards")
{
  CHECK_EQ(sp_await(sp_create_task(open_crash_and_sleep, NULL)), 0);
}

GROUP_BEHAVIOUR(interruption_of_the_body_comes_out_as_it_is,
                "SP_EINTERRUPTED is not put into a group, whatever failed beside it")
{
  sp_task_group group;
  job fails = {.seconds = 0.1, .crash = "task"};
  CHECK_EQ(sp_task_group_open(&group), 0);
  spawn(&group, &fails);
  CHECK_EQ(sp_sleep(10), SP_ECANCELED);
  CHECK_ERROR(sp_task_group_close(&group, sp_fail(SP_EINTERRUPTED, "stop")), SP_EINTERRUPTED,
              "stop");
}

static int interrupt(void *arg)
{
  (void)arg;
  CHECK_EQ(sp_sleep(0.1), 0);
  return sp_fail(SP_EINTERRUPTED, "stop");
}

GROUP_BEHAVIOUR(interruption_of_a_task_comes_out_as_it_is,
                "the same for one that a task ends with, and the first one counts")
{
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_task_group_spawn(&group, interrupt, NULL), 0);
  CHECK_EQ(sp_sleep(10), SP_ECANCELED);
  CHECK_ERROR(sp_task_group_close(&group, sp_fail(SP_EINTERRUPTED, "late")), SP_EINTERRUPTED,
              "stop");
}

/* --- groups in groups --- */

static int crash_five_in_an_inner_group(void *arg)
{
  sp_task_group outer, inner;
  job beside = {.seconds = 10};
  bool *has_others = arg;
  CHECK_EQ(sp_task_group_open(&outer), 0);
  if (has_others) spawn(&outer, &beside);
  CHECK_EQ(sp_task_group_open(&inner), 0);
  spawn_five(&inner, &crashes_when_cancelled);
  int result = sp_task_group_close(&inner, sp_sleep(10));
  return sp_task_group_close(&outer, result);
}

static int crash_five_beside_others(void *arg)
{
  (void)arg;
  bool has_others = true;
  return crash_five_in_an_inner_group(&has_others);
}

GROUP_BEHAVIOUR(inner_group_fails_in_the_outer_one,
                "the errors of an inner group are a group in that of the outer one")
{
  CHECK_EQ(cancelled_after(0.1, crash_five_in_an_inner_group), SP_EGROUP);
  CHECK_STR(errors(), "[crashed crashed crashed crashed crashed]");
}

GROUP_BEHAVIOUR(inner_group_that_fails_cancels_the_outer_one,
                "the same, and the outer group's own tasks are cancelled")
{
  CHECK_EQ(cancelled_after(0.1, crash_five_beside_others), SP_EGROUP);
  CHECK_STR(errors(), "[crashed crashed crashed crashed crashed]");
  CHECK_TIME(loop_time(), 0.1);
}

static void crash_in_nested_groups(double outer_seconds, double inner_seconds, const char *wanted)
{
  sp_task_group outer, inner;
  job in_outer = {.seconds = outer_seconds, .crash = "outer"};
  job in_inner = {.seconds = inner_seconds, .crash = "inner"};
  CHECK_EQ(sp_task_group_open(&outer), 0);
  spawn(&outer, &in_outer);
  CHECK_EQ(sp_task_group_open(&inner), 0);
  spawn(&inner, &in_inner);
  int result = sp_task_group_close(&inner, 0);
  CHECK_EQ(sp_task_group_close(&outer, result), SP_EGROUP);
  CHECK_STR(errors(), wanted);
  CHECK_TIME(loop_time(), 0.1);
}

GROUP_BEHAVIOUR(outer_group_that_fails_cancels_the_inner_one,
                "a task of the outer group that fails cancels the inner group, which adds no error")
{
  crash_in_nested_groups(0.1, 10, "outer");
}

GROUP_BEHAVIOUR(inner_task_that_fails_cancels_the_outer_group,
                "a task of the inner group that fails cancels the outer group's")
{
  crash_in_nested_groups(10, 0.1, "[inner]");
}

static int sleep_no_time_and_crash(void *message)
{
  CHECK_EQ(sp_sleep(0), 0);
  return sp_fail(CRASHED, "%s", (const char *)message);
}

GROUP_BEHAVIOUR(nested_groups_that_both_fail_count_their_cancellations,
                "an inner group whose errors are handled leaves the cancellation of the outer one")
{
  sp_task_group outer, inner;
  CHECK_EQ(sp_task_group_open(&outer), 0);
  CHECK_EQ(sp_task_group_open(&inner), 0);
  CHECK_EQ(sp_task_group_spawn(&inner, sleep_no_time_and_crash, "inner"), 0);
  CHECK_EQ(sp_task_group_spawn(&outer, sleep_no_time_and_crash, "outer"), 0);
  CHECK_EQ(sp_task_group_close(&inner, 0), SP_EGROUP);
  CHECK_STR(errors(), "inner");
  CHECK_EQ(sp_task_cancelling(sp_task_current()), 1);
  CHECK_EQ(sp_task_group_close(&outer, 0), SP_EGROUP);
  CHECK_STR(errors(), "outer");
  CHECK_EQ(sp_task_cancelling(sp_task_current()), 0);
}

/* --- what is left of the cancellation --- */

GROUP_BEHAVIOUR(group_that_failed_leaves_no_cancellation,
                "the request by which a group cancelled its own task is taken back")
{
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_task_group_spawn(&group, sleep_no_time_and_crash, "crashed"), 0);
  CHECK_EQ(sp_task_group_close(&group, 0), SP_EGROUP);
  CHECK_EQ(sp_task_cancelling(sp_task_current()), 0);
}

GROUP_BEHAVIOUR(cancellation_by_a_group_does_not_leak_out,
                "what the task waits for after a group that failed is not cancelled")
{
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_task_group_spawn(&group, crash_at_once, "crashed"), 0);
  CHECK_EQ(sp_task_group_close(&group, 0), SP_EGROUP);
  CHECK_STR(errors(), "crashed");
  CHECK_EQ(sp_sleep(0), 0);
}

static int set_and_crash(void *event)
{
  sp_event_set(event);
  return sleep_no_time_and_crash("crashed");
}

static int handle_the_error_and_sleep(void *event)
{
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_task_group_spawn(&group, set_and_crash, event), 0);
  int result = sp_sleep(1);
  CHECK_EQ(result, SP_ECANCELED);
  CHECK_EQ(sp_task_group_close(&group, result), SP_EGROUP);
  CHECK_STR(errors(), "crashed");
  CHECK_EQ(sp_task_cancelling(sp_task_current()), 1);
  result = sp_sleep(1);
  CHECK_EQ(result, SP_ECANCELED);
  note("cancelled-again");
  return result;
}

GROUP_BEHAVIOUR(cancellation_is_told_again_after_the_errors,
                "a task that was cancelled while its group failed learns of both, one by one")
{
  sp_event event = {0};
  sp_task *task = sp_create_task(handle_the_error_and_sleep, &event);
  CHECK_EQ(sp_event_wait(&event), 0);
  CHECK_EQ(sp_task_cancelling(task), 0);
  CHECK(sp_task_cancel(task, NULL));
  CHECK_EQ(sp_task_cancelling(task), 1);
  sp_task_ref(task);
  CHECK_EQ(sp_await(task), SP_ECANCELED);
  CHECK(was_cancelled(task));
  CHECK_TIME(loop_time(), 0);
  SAW("cancelled-again");
}

/* --- the tasks' names and locals --- */

static int sleep_no_time(void *arg)
{
  (void)arg;
  note("%s", sp_task_name(sp_task_current()));
  return sp_sleep(0);
}

GROUP_BEHAVIOUR(task_of_a_group_has_its_name, "a name may be given to a task of a group")
{
  sp_task_group group;
  const sp_task_options named = {.name = "yolo"};
  CHECK_EQ(sp_task_group_open(&group), 0);
  sp_task *task =
      sp_task_group_create_task_from(&group, sleep_no_time, NULL, &named, "sleep_no_time", SP_HERE);
  CHECK_STR(sp_task_name(task), "yolo");
  CHECK_EQ(sp_task_group_close(&group, 0), 0);
  CHECK_EQ(sp_await(task), 0);
  SAW("yolo");
}

static const sp_local shared = {"shared", NULL}, own = {"own", NULL};

static int set_shared(void *arg)
{
  int *value = sp_local_get(&shared);
  CHECK_EQ(sp_sleep(0), 0);
  CHECK_EQ((intptr_t)sp_local_get(&own), 0);
  CHECK_EQ(sp_local_set(&own, value), 0);
  *value = *(const int *)arg;
  return 0;
}

GROUP_BEHAVIOUR(tasks_of_a_group_share_what_a_local_points_to,
                "a task of a group inherits the locals; what it sets is its own, what it writes to "
                "a value of theirs is seen by all")
{
  sp_task_group group;
  int value = 0, one = 1, two = 2;
  CHECK_EQ(sp_local_set(&shared, &value), 0);
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_await(sp_task_group_create_task(&group, set_shared, &one)), 0);
  CHECK_EQ(value, 1);
  CHECK_EQ(sp_await(sp_task_group_create_task(&group, set_shared, &two)), 0);
  CHECK_EQ(value, 2);
  CHECK_EQ((intptr_t)sp_local_get(&own), 0);
  CHECK_EQ(sp_task_group_close(&group, 0), 0);
}

/* --- groups that cannot be used --- */

GROUP_BEHAVIOUR(closed_group_takes_no_tasks, "a group that was left is finished")
{
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_task_group_close(&group, 0), 0);
  CHECK_ERROR(sp_task_group_spawn(&group, sleep_no_time, NULL), SP_EINVALIDSTATE,
              "TaskGroup <TaskGroup entered> is finished");
  CHECK(!sp_task_group_create_task(&group, sleep_no_time, NULL));
  CHECK_ERROR(sp_task_group_close(&group, 0), SP_EINVALIDSTATE,
              "TaskGroup <TaskGroup entered> is finished");
  iterate(2); /* the function is never called */
}

GROUP_BEHAVIOUR(unopened_group_takes_no_tasks, "a group must be opened first")
{
  sp_task_group group = {0};
  CHECK_ERROR(sp_task_group_spawn(&group, sleep_no_time, NULL), SP_EINVALIDSTATE,
              "TaskGroup <TaskGroup> has not been entered");
  CHECK(!sp_task_group_create_task(&group, sleep_no_time, NULL));
  iterate(2);
}

static void open_in_a_callback(void *arg)
{
  sp_task_group *group = arg;
  CHECK_ERROR(sp_task_group_open(group), SP_ENOTASK,
              "TaskGroup <TaskGroup> cannot determine the parent task");
  CHECK_ERROR(sp_task_group_spawn(group, sleep_no_time, NULL), SP_EINVALIDSTATE,
              "TaskGroup <TaskGroup> has not been entered");
  note("refused");
}

GROUP_BEHAVIOUR(group_is_opened_by_a_task, "a group cannot be opened outside tasks")
{
  sp_task_group group;
  sp_loop_call_soon(sp_loop_running(), open_in_a_callback, &group);
  iterate(2);
  SAW("refused");
}
