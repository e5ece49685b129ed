/* Behaviours of waits: sleeping, waiting for many futures in all of asyncio's ways, shielding. */
#include "behaviours.h"

#include <string.h>

/* --- helpers --- */

static int await_given(void *future) { return sp_await(future); }

static int shield_given(void *future) { return sp_shield(future); }

static int await_kept(sp_task *task) { return sp_await(sp_task_ref(task)); }

static void futures_new(sp_future **futures, int count)
{
  for (int i = 0; i < count; i++) futures[i] = sp_future_new();
}

static void futures_free(sp_future **futures, int count)
{
  for (int i = 0; i < count; i++) sp_future_free(futures[i]);
}

static void detach_each(sp_task **tasks, int count)
{
  for (int i = 0; i < count; i++) sp_task_detach(tasks[i]);
}

static int stop_and_await(sp_task *task)
{
  sp_task_cancel(task, NULL);
  return sp_await(task);
}

typedef struct late_failure {
  double after;
  int code;
  const char *message;
} late_failure;

static int fail_later(void *arg)
{
  const late_failure *plan = arg;
  int error = sp_sleep(plan->after);
  return error < 0 ? error : sp_fail(plan->code, "%s", plan->message);
}

/* Whether the future's call graph says that somebody awaits it. */
static bool is_awaited(const sp_future *future)
{
  char graph[512];
  sp_format_call_graph(future, graph, sizeof graph);
  return strstr(graph, "awaited by") != NULL;
}

/* --- sleeping --- */

static int sleep_in_halves(void *arg)
{
  (void)arg;
  CHECK_EQ(sp_sleep(0.05), 0);
  CHECK_TIME(loop_time(), 0.05);
  CHECK_EQ(sp_sleep(0.05), 0);
  return 7;
}

BEHAVIOUR(sleep_takes_its_time, "a sleep ends when its seconds are over")
{
  sp_task *task = sp_create_task(sleep_in_halves, NULL);
  CHECK_EQ(sp_await(task), 7);
  CHECK_TIME(loop_time(), 0.1);
}

static void note_it(void *word) { note("%s", (const char *)word); }

BEHAVIOUR(sleep_of_zero_lets_others_run_once,
          "sp_sleep(0) lets what is ready run, and takes no time")
{
  sp_loop_call_soon(sp_loop_running(), note_it, "call");
  SAW("");
  CHECK_EQ(sp_sleep(0), 0);
  SAW("call");
  CHECK_TIME(loop_time(), 0);
}

BEHAVIOUR(sleep_refuses_what_is_not_a_number, "a sleep of NaN seconds is an error")
{
  CHECK_ERROR(sp_sleep(NAN), SP_EINVAL, "Invalid delay: NaN (not a number)");
}

static int sleep_ten(void *arg)
{
  (void)arg;
  return sp_sleep(10);
}

BEHAVIOUR_OUTSIDE(cancelled_sleep_leaves_no_timer,
                  "nothing is left to wait for of a cancelled sleep")
{
  sp_loop *loop = new_loop();
  sp_future *never = sp_loop_create_future(loop);
  sp_task *task = sp_loop_create_task(loop, sleep_ten, NULL);
  sp_loop_stop(loop);
  CHECK_EQ(sp_loop_run_forever(loop), 0);
  CHECK(sp_task_cancel(task, NULL));
  CHECK_EQ(sp_loop_run_until_complete(loop, task), SP_ECANCELED);
  CHECK_EQ(sp_loop_run_until_complete(loop, never), SP_EDEADLOCK);
  CHECK_TIME(sp_loop_time(loop), 0);
  sp_task_detach(task);
  sp_future_free(never);
  CHECK_EQ(sp_loop_free(loop), 0);
}

/* --- sp_wait --- */

BEHAVIOUR(wait_for_all_of_two,
          "sp_wait for all ends with the last, and takes no time when they are done")
{
  sp_task *a = task_sleeping(0.1, 0);
  sp_task *b = task_sleeping(0.15, 0);
  for (int i = 0; i < 2; i++) {
    sp_future *both[] = {b, a};
    CHECK_EQ(sp_wait(both, 2, INFINITY, SP_ALL_COMPLETED), 2);
    CHECK(both[0] == b);
    CHECK(both[1] == a);
    CHECK_TIME(loop_time(), 0.15);
  }
  sp_task_detach(a);
  sp_task_detach(b);
}

BEHAVIOUR(wait_for_many, "sp_wait takes as many futures as there are")
{
  sp_future *all[10];
  for (int i = 0; i < 10; i++) all[i] = task_returning(i);
  CHECK_EQ(sp_wait(all, 10, INFINITY, SP_ALL_COMPLETED), 10);
  for (int i = 0; i < 10; i++) CHECK_EQ(sp_await(all[i]), i);
}

BEHAVIOUR(wait_counts_a_future_given_twice_as_often, "one future given twice is waited for once")
{
  sp_task *test = task_returning(1);
  sp_task *spam = task_sleeping(0.1, 2);
  sp_future *all[] = {test, test, spam};
  CHECK_EQ(sp_wait(all, 3, INFINITY, SP_ALL_COMPLETED), 3);
  CHECK_TIME(loop_time(), 0.1);
  CHECK(all[0] == test && all[1] == test && all[2] == spam);
  CHECK_EQ(sp_await(test), 1);
  CHECK_EQ(sp_await(spam), 2);
}

BEHAVIOUR(wait_refuses_nothing_and_nonsense,
          "sp_wait refuses no futures, a NULL, and an unknown condition")
{
  sp_future *one[] = {sp_future_new()};
  sp_future *none[] = {NULL};
  CHECK_ERROR(sp_wait(one, 0, INFINITY, SP_ALL_COMPLETED), SP_EINVAL,
              "Set of Tasks/Futures is empty.");
  CHECK_ERROR(sp_wait(one, 1, INFINITY, (sp_wait_until)-1), SP_EINVAL, "Invalid return_when value");
  CHECK_EQ(sp_wait(none, 1, INFINITY, SP_ALL_COMPLETED), SP_EINVAL);
  sp_future_free(one[0]);
}

BEHAVIOUR(wait_for_the_first, "sp_wait for the first ends with it; the others run on")
{
  sp_task *a = task_sleeping(10, 0);
  sp_task *b = task_sleeping(0.1, 3);
  sp_future *both[] = {a, b};
  CHECK_EQ(sp_wait(both, 2, INFINITY, SP_FIRST_COMPLETED), 1);
  CHECK(both[0] == b && both[1] == a);
  CHECK(!sp_future_done(a));
  CHECK_EQ(sp_future_result(b), 3);
  CHECK_TIME(loop_time(), 0.1);
  CHECK_EQ(sp_wait(both, 2, INFINITY, SP_ALL_COMPLETED), 2);
  CHECK_TIME(loop_time(), 10);
  sp_task_detach(a);
  sp_task_detach(b);
}

static int yield_times(void *count)
{
  iterate(*(int *)count);
  return 0;
}

BEHAVIOUR(wait_finds_all_that_are_done,
          "who is done when sp_wait returns counts as done, not only the first")
{
  int once = 1, twice = 2;
  sp_task *a = sp_create_task(yield_times, &once);
  sp_task *b = sp_create_task(yield_times, &twice);
  sp_future *both[] = {b, a};
  CHECK_EQ(sp_wait(both, 2, INFINITY, SP_FIRST_COMPLETED), 2);
  CHECK(sp_future_done(a) && sp_future_done(b));
  CHECK_EQ(sp_await(a), 0);
  CHECK_EQ(sp_await(b), 0);
}

BEHAVIOUR(wait_ends_with_the_first_error,
          "sp_wait for an error ends with a task that has one already")
{
  sp_task *a = task_sleeping(10, 0);
  sp_task *b = task_failing(SP_EIO, "err");
  sp_future *both[] = {a, b};
  CHECK_EQ(sp_wait(both, 2, INFINITY, SP_FIRST_EXCEPTION), 1);
  CHECK(both[0] == b && both[1] == a);
  CHECK_TIME(loop_time(), 0);
  CHECK_EQ(stop_and_await(a), SP_ECANCELED);
  CHECK_ERROR(sp_await(b), SP_EIO, "err");
}

BEHAVIOUR(wait_ends_with_an_error_that_comes_later,
          "sp_wait for an error ends when a task fails meanwhile")
{
  late_failure plan = {0.01, SP_EIO, "err"};
  sp_task *a = task_sleeping(10, 0);
  sp_task *b = sp_create_task(fail_later, &plan);
  sp_future *both[] = {b, a};
  CHECK_EQ(sp_wait(both, 2, INFINITY, SP_FIRST_EXCEPTION), 1);
  CHECK(both[0] == b && both[1] == a);
  CHECK_TIME(loop_time(), 0.01);
  CHECK_EQ(stop_and_await(a), SP_ECANCELED);
  CHECK_EQ(sp_await(b), SP_EIO);
}

BEHAVIOUR(wait_for_all_includes_those_that_fail,
          "an error does not end an sp_wait for all, and is still there")
{
  late_failure plan = {0.15, SP_EIO, "really"};
  sp_task *a = task_sleeping(0.1, 0);
  sp_task *b = sp_create_task(fail_later, &plan);
  for (int i = 0; i < 2; i++) {
    sp_future *both[] = {b, a};
    CHECK_EQ(sp_wait(both, 2, INFINITY, SP_ALL_COMPLETED), 2);
    CHECK_TIME(loop_time(), 0.15);
    CHECK_ERROR(sp_future_error(b), SP_EIO, "really");
    CHECK_EQ(sp_future_error(a), 0);
  }
  sp_task_detach(a);
  sp_task_detach(b);
}

BEHAVIOUR(wait_within_a_limit,
          "sp_wait with a limit returns what is done by then and cancels nothing")
{
  sp_task *a = task_sleeping(0.1, 0);
  sp_task *b = task_sleeping(0.15, 0);
  sp_future *both[] = {b, a};
  CHECK_EQ(sp_wait(both, 2, 0.11, SP_ALL_COMPLETED), 1);
  CHECK(both[0] == a && both[1] == b);
  CHECK(!sp_future_done(b));
  CHECK_TIME(loop_time(), 0.11);
  CHECK_EQ(sp_await(b), 0);
  CHECK_TIME(loop_time(), 0.15);
  sp_task_detach(a);
}

BEHAVIOUR(wait_limit_at_the_time_of_an_end,
          "a task that ends in the moment of the limit counts as done")
{
  sp_task *a = task_sleeping(0.1, 0);
  sp_task *b = task_sleeping(0.15, 0);
  iterate(1);
  sp_future *both[] = {b, a};
  CHECK_EQ(sp_wait(both, 2, 0.1, SP_ALL_COMPLETED), 1);
  CHECK(both[0] == a && both[1] == b);
  CHECK_TIME(loop_time(), 0.1);
  CHECK_EQ(sp_await(b), 0);
  sp_task_detach(a);
}

static int wait_given(void *task)
{
  sp_future *one[] = {task};
  return sp_wait(one, 1, INFINITY, SP_ALL_COMPLETED);
}

BEHAVIOUR(cancelled_wait_leaves_the_futures_alone,
          "cancelling an sp_wait ends it; what it waited for runs on")
{
  sp_future *future = sp_future_new();
  sp_task *inner = sp_create_task(await_given, future);
  sp_task *outer = sp_create_task(wait_given, inner);
  iterate(1);
  CHECK(sp_task_cancel(outer, NULL));
  CHECK_EQ(sp_await(outer), SP_ECANCELED);
  sp_future_set_result(future, 1);
  iterate(1);
  CHECK(sp_future_done(inner));
  CHECK_EQ(sp_await(inner), 1);
  sp_future_free(future);
}

BEHAVIOUR(wait_that_is_over_awaits_nothing, "after an sp_wait nobody awaits those that are pending")
{
  sp_future *immortal = sp_future_new();
  sp_task *task = sp_create_task(wait_given, immortal);
  iterate(1);
  CHECK(is_awaited(immortal));
  CHECK_EQ(stop_and_await(task), SP_ECANCELED);
  sp_task *quick = task_returning(0);
  sp_future *both[] = {quick, immortal};
  CHECK_EQ(sp_wait(both, 2, INFINITY, SP_FIRST_COMPLETED), 1);
  CHECK(!is_awaited(immortal));
  sp_task_detach(quick);
  sp_future_free(immortal);
}

/* --- sp_gather: a task that gathers, looked at from outside --- */

typedef struct gathering {
  sp_future *children[6];
  sp_task *tasks[6]; /* that await them, when tasks are what is gathered */
  int count;
  bool errors_too;
  int results[6];
  sp_task *task;
} gathering;

static int gather_given(void *arg)
{
  gathering *self = arg;
  sp_future **given = self->tasks[0] ? self->tasks : self->children;
  size_t count = (size_t)self->count;
  int result = self->errors_too ? sp_gather_all(given, count, self->results)
                                : sp_gather(given, count, self->results);
  note("%s", result < 0 ? sp_error_message() : "gathered");
  return result;
}

/* Futures are told of in the next iteration, and the tasks that await them one later. */
enum { TOLD = 2, TOLD_BY_TASKS = 3 };

static void begin_gathering(gathering *self, bool of_tasks)
{
  futures_new(self->children, self->count);
  for (int i = 0; of_tasks && i < self->count; i++) {
    self->tasks[i] = sp_create_task(await_given, self->children[i]);
  }
  self->task = sp_create_task(gather_given, self);
  iterate(1);
}

static int end_gathering(gathering *self)
{
  int result = sp_await(self->task);
  futures_free(self->children, self->count);
  return result;
}

static void check_success(bool of_tasks, bool errors_too)
{
  gathering all = {.count = 3, .errors_too = errors_too};
  begin_gathering(&all, of_tasks);
  sp_future_set_result(all.children[1], 1);
  sp_future_set_result(all.children[0], 2);
  iterate(5);
  SAW("");
  sp_future_set_result(all.children[2], 3);
  iterate(of_tasks ? TOLD_BY_TASKS - 1 : TOLD - 1);
  SAW("");
  iterate(1);
  SAW("gathered");
  CHECK_EQ(end_gathering(&all), 0);
  CHECK_EQ(all.results[0], 2);
  CHECK_EQ(all.results[1], 1);
  CHECK_EQ(all.results[2], 3);
}

BEHAVIOUR(gather_has_the_results_in_order,
          "sp_gather ends after the last, with the results in the given order")
{
  check_success(false, false);
  check_success(true, false);
}

BEHAVIOUR(gather_all_has_the_results_in_order, "sp_gather_all does the same when nothing fails")
{
  check_success(false, true);
  check_success(true, true);
}

static void check_first_error(bool of_tasks)
{
  gathering all = {.count = 5};
  begin_gathering(&all, of_tasks);
  sp_future_set_result(all.children[0], 1);
  sp_future_set_error(all.children[1], SP_EIO, "division");
  iterate(of_tasks ? TOLD_BY_TASKS : TOLD);
  SAW("division");
  CHECK(sp_future_done(all.task));
  CHECK(!sp_future_cancelled(all.task));
  CHECK(!sp_future_done(all.children[2]));
  sp_future_set_result(all.children[2], 3);
  sp_future_cancel(all.children[3], NULL);
  sp_future_set_error(all.children[4], SP_EINVAL, "unseen");
  iterate(5);
  CHECK_ERROR(end_gathering(&all), SP_EIO, "division");
}

BEHAVIOUR(gather_ends_with_the_first_error,
          "sp_gather ends with the first error; the others run on unheard")
{
  check_first_error(false);
  check_first_error(true);
}

static void check_errors_too(bool of_tasks)
{
  gathering all = {.count = 4, .errors_too = true};
  begin_gathering(&all, of_tasks);
  sp_future_set_result(all.children[1], 1);
  sp_future_set_error(all.children[2], SP_EIO, "first");
  sp_future_set_result(all.children[0], 3);
  iterate(5);
  SAW("");
  sp_future_set_error(all.children[3], SP_EINVAL, "second");
  iterate(of_tasks ? TOLD_BY_TASKS : TOLD);
  SAW("gathered");
  CHECK_EQ(end_gathering(&all), 0);
  CHECK_EQ(all.results[0], 3);
  CHECK_EQ(all.results[1], 1);
  CHECK_EQ(all.results[2], SP_EIO);
  CHECK_EQ(all.results[3], SP_EINVAL);
}

BEHAVIOUR(gather_all_has_errors_as_results, "to sp_gather_all an error is a result like any other")
{
  check_errors_too(false);
  check_errors_too(true);
}

BEHAVIOUR(gather_ends_with_a_cancelled_child,
          "a cancelled child ends sp_gather as an error, and cancels no other")
{
  gathering all = {.count = 5};
  begin_gathering(&all, false);
  sp_future_set_result(all.children[0], 1);
  sp_future_cancel(all.children[1], "gone");
  iterate(TOLD);
  SAW("gone");
  CHECK_EQ(sp_task_cancelling(all.task), 0);
  CHECK_EQ(sp_future_set_result(all.children[2], 3), 0);
  CHECK(sp_future_cancel(all.children[3], NULL));
  CHECK_EQ(sp_future_set_error(all.children[4], SP_EINVAL, NULL), 0);
  CHECK_EQ(end_gathering(&all), SP_ECANCELED);
}

BEHAVIOUR(gather_all_goes_on_after_a_cancelled_child,
          "to sp_gather_all a cancellation is a result like any other")
{
  gathering all = {.count = 6, .errors_too = true};
  begin_gathering(&all, false);
  sp_future_set_result(all.children[0], 1);
  sp_future_set_error(all.children[1], SP_EIO, NULL);
  sp_future_cancel(all.children[2], NULL);
  iterate(5);
  SAW("");
  sp_future_set_result(all.children[3], 3);
  sp_future_cancel(all.children[4], NULL);
  sp_future_set_error(all.children[5], SP_EINVAL, NULL);
  CHECK_EQ(end_gathering(&all), 0);
  SAW("gathered");
  const int wanted[] = {1, SP_EIO, SP_ECANCELED, 3, SP_ECANCELED, SP_EINVAL};
  for (int i = 0; i < 6; i++) CHECK_EQ(all.results[i], wanted[i]);
}

BEHAVIOUR(gather_of_none_is_done, "gathering nothing is done at once")
{
  sp_loop_call_soon(sp_loop_running(), note_it, "later");
  CHECK_EQ(sp_gather(NULL, 0, NULL), 0);
  CHECK_EQ(sp_gather_all(NULL, 0, NULL), 0);
  SAW("");
  iterate(1);
  SAW("later");
}

BEHAVIOUR_OUTSIDE(waits_need_a_running_loop, "no wait works where no loop runs")
{
  sp_loop *loop = new_loop();
  sp_future *future = sp_loop_create_future(loop);
  sp_as_completed each;
  CHECK_EQ(sp_gather(&future, 1, NULL), SP_ENOTASK);
  CHECK_EQ(sp_gather(NULL, 0, NULL), SP_ENOTASK);
  CHECK_EQ(sp_wait(&future, 1, INFINITY, SP_ALL_COMPLETED), SP_ENOTASK);
  CHECK_EQ(sp_shield(future), SP_ENOTASK);
  CHECK_EQ(sp_wait_for(future, 1), SP_ENOTASK);
  CHECK_ERROR(sp_as_completed_open(&each, &future, 1, INFINITY), SP_ENOTASK,
              "no running event loop");
  sp_future_free(future);
  CHECK_EQ(sp_loop_free(loop), 0);
}

BEHAVIOUR(waits_refuse_futures_of_another_loop, "no wait takes a future of another loop")
{
  const char *const says = "The future belongs to a different loop";
  sp_loop *other = new_loop();
  sp_future *both[] = {sp_future_new(), sp_loop_create_future(other)};
  sp_as_completed each;
  CHECK_ERROR(sp_gather(both, 2, NULL), SP_EINVAL, says);
  CHECK_ERROR(sp_wait(both, 2, INFINITY, SP_ALL_COMPLETED), SP_EINVAL, says);
  CHECK_ERROR(sp_shield(both[1]), SP_EINVAL, says);
  CHECK_ERROR(sp_wait_for(both[1], 1), SP_EINVAL, says);
  CHECK_ERROR(sp_as_completed_open(&each, both, 2, INFINITY), SP_EINVAL, says);
  CHECK(!sp_future_done(both[0]));
  futures_free(both, 2);
  CHECK_EQ(sp_loop_free(other), 0);
}

BEHAVIOUR_OUTSIDE(gather_runs_on_the_loop_of_its_children,
                  "futures of a loop are gathered there, by several at once if need be")
{
  sp_loop *loop = new_loop();
  gathering one = {.count = 3};
  for (int i = 0; i < 3; i++) one.children[i] = sp_loop_create_future(loop);
  gathering other = one;
  one.task = sp_loop_create_task(loop, gather_given, &one);
  other.task = sp_loop_create_task(loop, gather_given, &other);
  sp_loop_stop(loop);
  CHECK_EQ(sp_loop_run_forever(loop), 0);
  CHECK(!sp_future_done(one.task));
  CHECK(!sp_future_done(other.task));
  for (int i = 0; i < 3; i++) sp_future_set_result(one.children[i], i);
  CHECK_EQ(sp_loop_run_until_complete(loop, one.task), 0);
  CHECK_EQ(sp_loop_run_until_complete(loop, other.task), 0);
  SAW("gathered gathered");
  CHECK_EQ(other.results[2], 2);
  sp_task_detach(one.task);
  sp_task_detach(other.task);
  futures_free(one.children, 3);
  CHECK_EQ(sp_loop_free(loop), 0);
}

BEHAVIOUR(gather_takes_tasks_made_in_place, "tasks can be made in the call that gathers them")
{
  int results[2] = {0};
  CHECK_EQ(sp_gather(((sp_task *[]){task_returning(4), task_returning(5)}), 2, results), 0);
  CHECK_EQ(results[0], 4);
  CHECK_EQ(results[1], 5);
}

BEHAVIOUR(gather_takes_a_task_several_times,
          "a task that is given several times has a result in each place")
{
  sp_task *abc = task_returning(1);
  sp_task *all[] = {abc, abc, task_returning(2), abc};
  int results[4] = {0};
  CHECK_EQ(sp_gather(all, 4, results), 0);
  CHECK_EQ(results[0], 1);
  CHECK_EQ(results[1], 1);
  CHECK_EQ(results[2], 2);
  CHECK_EQ(results[3], 1);
}

BEHAVIOUR(cancelled_gather_cancels_its_children,
          "cancelling who gathers cancels every child, and what they await")
{
  gathering all = {.count = 2};
  begin_gathering(&all, true);
  sp_task *first = sp_task_ref(all.tasks[0]);
  sp_task *second = sp_task_ref(all.tasks[1]);
  iterate(1);
  CHECK(sp_task_cancel(all.task, NULL));
  CHECK_EQ(await_kept(all.task), SP_ECANCELED);
  CHECK(sp_future_cancelled(all.task));
  CHECK(sp_future_cancelled(all.children[0]));
  CHECK(sp_future_cancelled(all.children[1]));
  CHECK(sp_future_cancelled(first));
  CHECK(sp_future_cancelled(second));
  SAW("cancelled");
  CHECK(!sp_task_cancel(all.task, NULL));
  CHECK_EQ(end_gathering(&all), SP_ECANCELED);
  sp_task_detach(first);
  sp_task_detach(second);
}

static int await_and_fail(void *future)
{
  CHECK_EQ(sp_await(future), 0);
  return sp_fail(SP_EIO, "not to be ignored");
}

BEHAVIOUR(gather_takes_the_errors_after_the_first,
          "errors that come after the first are not reported")
{
  gathering all = {.count = 2};
  futures_new(all.children, 2);
  for (int i = 0; i < 2; i++) all.tasks[i] = sp_create_task(await_and_fail, all.children[i]);
  all.task = sp_create_task(gather_given, &all);
  iterate(1);
  sp_future_set_result(all.children[0], 0);
  iterate(1);
  sp_future_set_result(all.children[1], 0);
  iterate(TOLD_BY_TASKS);
  CHECK_ERROR(end_gathering(&all), SP_EIO, "not to be ignored");
  SAW("not to be ignored");
  CHECK_EQ((int)reports_left(), 0);
}

BEHAVIOUR(gather_refuses_what_is_no_future,
          "sp_gather refuses a NULL, and the other children go their way")
{
  sp_task *all[] = {task_returning(8), NULL};
  CHECK_EQ(sp_gather(all, 2, NULL), SP_EINVAL);
  iterate(1);
  CHECK_EQ(sp_await(all[0]), 8);
  CHECK_EQ((int)reports_left(), 0);
}

BEHAVIOUR(gather_that_failed_awaits_nothing, "a child that outlives a gather is awaited by nobody")
{
  sp_task *survivor = sp_task_ref(task_waiting());
  sp_task *both[] = {survivor, task_failing(SP_EIO, "over")};
  CHECK_ERROR(sp_gather(both, 2, NULL), SP_EIO, "over");
  CHECK(!sp_future_done(survivor));
  CHECK(!is_awaited(survivor));
  CHECK_EQ(stop_and_await(survivor), SP_ECANCELED);
}

BEHAVIOUR(gather_ended_by_cancellation_awaits_nothing,
          "a child that outlives a gather which another's cancellation ended is awaited by nobody")
{
  sp_task *survivor = sp_task_ref(task_waiting());
  sp_task *both[] = {survivor, task_sleeping(10, 0)};
  CHECK(sp_task_cancel(both[1], NULL));
  CHECK_EQ(sp_gather(both, 2, NULL), SP_ECANCELED);
  CHECK(!sp_future_done(survivor));
  CHECK(!is_awaited(survivor));
  CHECK_EQ(stop_and_await(survivor), SP_ECANCELED);
}

static int gather_again_and_again(void *arg)
{
  (void)arg;
  for (;;) {
    sp_task *nap = task_sleeping(0.05, 0);
    int error = sp_gather_all(&nap, 1, NULL);
    if (error < 0) return error;
  }
}

BEHAVIOUR(cancelled_gather_all_is_cancelled,
          "cancelling who is in sp_gather_all ends it, with the message")
{
  const char *const messages[] = {NULL, "my message"};
  for (int i = 0; i < 2; i++) {
    sp_task *task = sp_create_task(gather_again_and_again, NULL);
    CHECK_EQ(sp_sleep(0.2), 0);
    CHECK(sp_task_cancel(task, messages[i]));
    CHECK_ERROR(sp_await(task), SP_ECANCELED, messages[i] ? messages[i] : "cancelled");
  }
  CHECK_TIME(loop_time(), 0.4);
}

static void cancel_gatherer(sp_future *child, void *task)
{
  (void)child;
  CHECK(sp_task_cancel(task, NULL));
}

BEHAVIOUR(cancel_after_the_last_child_cancels_no_child,
          "who gathers and is cancelled when all children are done is cancelled, and they keep "
          "their results")
{
  gathering all = {.count = 1};
  begin_gathering(&all, true);
  sp_task *child = sp_task_ref(all.tasks[0]);
  CHECK_EQ(sp_future_add_done_callback(all.children[0], cancel_gatherer, all.task), 0);
  sp_future_set_result(all.children[0], 42);
  CHECK_EQ(end_gathering(&all), SP_ECANCELED);
  SAW("cancelled");
  CHECK_EQ(sp_await(child), 42);
}

/* --- sp_as_completed --- */

static sp_as_completed open_each(sp_future *const *futures, size_t count, double timeout)
{
  sp_as_completed each;
  CHECK_EQ(sp_as_completed_open(&each, futures, count, timeout), 0);
  return each;
}

/* The result of the next one, whose handle is released if it is a task. */
static int next_result(sp_as_completed *each)
{
  sp_future *done = NULL;
  int more = sp_as_completed_next(each, &done);
  return more > 0 ? sp_await(done) : more;
}

static int next_of(void *each) { return next_result(each); }

BEHAVIOUR(as_completed_gives_the_earliest_first, "futures come in the order in which they end")
{
  sp_task *all[] = {task_sleeping(0.02, 2), task_sleeping(0.15, 3), task_sleeping(0.01, 1)};
  sp_as_completed each = open_each(all, 3, INFINITY);
  CHECK_EQ(next_result(&each), 1);
  CHECK_TIME(loop_time(), 0.01);
  CHECK_EQ(next_result(&each), 2);
  CHECK_EQ(next_result(&each), 3);
  CHECK_TIME(loop_time(), 0.15);
  CHECK_EQ(next_result(&each), 0);
  sp_as_completed_close(&each);
}

BEHAVIOUR(as_completed_gives_what_was_given,
          "what comes out are the futures that went in, each once")
{
  sp_task *all[] = {task_returning(1), task_sleeping(0.1, 2), task_returning(3)};
  bool came[3] = {false};
  sp_as_completed each = open_each(all, 3, INFINITY);
  for (int i = 0; i < 3; i++) {
    sp_future *done = NULL;
    CHECK_EQ(sp_as_completed_next(&each, &done), 1);
    for (int k = 0; k < 3; k++) {
      if (done == all[k]) came[k] = true;
    }
  }
  CHECK(came[0] && came[1] && came[2]);
  sp_as_completed_close(&each);
  CHECK_EQ(sp_wait(all, 3, INFINITY, SP_ALL_COMPLETED), 3);
  detach_each(all, 3);
}

BEHAVIOUR(as_completed_within_a_limit,
          "when the limit is over, asking for the next one is an error")
{
  sp_task *all[] = {task_sleeping(0.1, 1), task_sleeping(0.15, 2)};
  sp_as_completed each = open_each(all, 2, 0.12);
  CHECK_EQ(next_result(&each), 1);
  CHECK_TIME(loop_time(), 0.1);
  CHECK_ERROR(next_result(&each), SP_ETIMEDOUT, "timed out");
  CHECK_TIME(loop_time(), 0.12);
  CHECK(!sp_future_done(all[1]));
  sp_as_completed_close(&each);
  CHECK_EQ(sp_await(all[1]), 2);
}

BEHAVIOUR(as_completed_limit_that_is_not_reached, "a limit that nobody reaches does nothing")
{
  sp_task *task = task_sleeping(0.01, 1);
  sp_as_completed each = open_each(&task, 1, 1);
  CHECK_EQ(next_result(&each), 1);
  CHECK_EQ(next_result(&each), 0);
  CHECK_EQ(sp_sleep(2), 0);
  CHECK_EQ(next_result(&each), 0);
  sp_as_completed_close(&each);
}

BEHAVIOUR(as_completed_can_be_resumed, "an iteration that was left goes on where it was")
{
  sp_task *all[] = {task_returning(1), task_returning(2), task_returning(3), task_returning(4)};
  sp_as_completed each = open_each(all, 4, INFINITY);
  int sum = next_result(&each) + next_result(&each);
  iterate(2);
  int result;
  while ((result = next_result(&each)) > 0) sum += result;
  CHECK_EQ(sum, 10);
  sp_as_completed_close(&each);
}

BEHAVIOUR(cancelled_asking_loses_nothing,
          "one who asks and is cancelled takes nothing out of the iteration")
{
  sp_future *both[] = {sp_future_new(), sp_future_new()};
  sp_as_completed each = open_each(both, 2, INFINITY);
  sp_task *asker = sp_create_task(next_of, &each);
  iterate(1);
  CHECK_EQ(stop_and_await(asker), SP_ECANCELED);
  sp_future_set_result(both[0], 1);
  sp_future_set_result(both[1], 2);
  CHECK_EQ(next_result(&each), 1);
  CHECK_EQ(next_result(&each), 2);
  CHECK_EQ(next_result(&each), 0);
  sp_as_completed_close(&each);
  futures_free(both, 2);
}

BEHAVIOUR(cancelled_first_of_two_loses_nothing, "two ask, the first is cancelled: all still come")
{
  sp_future *both[] = {sp_future_new(), sp_future_new()};
  sp_as_completed each = open_each(both, 2, INFINITY);
  sp_task *first = sp_create_task(next_of, &each);
  sp_task *second = sp_create_task(next_of, &each);
  iterate(1);
  CHECK_EQ(stop_and_await(first), SP_ECANCELED);
  sp_future_set_result(both[1], 2);
  CHECK_EQ(sp_await(second), 2);
  sp_future_set_result(both[0], 1);
  CHECK_EQ(next_result(&each), 1);
  CHECK_EQ(next_result(&each), 0);
  sp_as_completed_close(&each);
  futures_free(both, 2);
}

BEHAVIOUR(who_asks_first_gets_the_earliest,
          "several may ask at once; they are served in their order")
{
  sp_task *all[] = {task_sleeping(0.1, 2), task_sleeping(0.05, 1)};
  sp_as_completed each = open_each(all, 2, INFINITY);
  sp_task *first = sp_create_task(next_of, &each);
  sp_task *second = sp_create_task(next_of, &each);
  iterate(1);
  CHECK_EQ(next_result(&each), 0);
  CHECK_EQ(sp_await(first), 1);
  CHECK_TIME(loop_time(), 0.05);
  CHECK_EQ(sp_await(second), 2);
  CHECK_TIME(loop_time(), 0.1);
  sp_as_completed_close(&each);
}

BEHAVIOUR(as_completed_for_several_at_once,
          "who ask at once for futures that end at once all have one")
{
  sp_task *all[] = {task_sleeping(0.05, 1), task_sleeping(0.05, 2)};
  sp_as_completed each = open_each(all, 2, INFINITY);
  sp_task *askers[] = {sp_create_task(next_of, &each), sp_create_task(next_of, &each)};
  int results[2] = {0};
  CHECK_EQ(sp_gather(askers, 2, results), 0);
  CHECK_EQ(results[0], 1);
  CHECK_EQ(results[1], 2);
  CHECK_TIME(loop_time(), 0.05);
  sp_as_completed_close(&each);
}

BEHAVIOUR(as_completed_gives_duplicates_once, "a future that is given twice comes once")
{
  sp_task *ham = task_returning(1);
  sp_task *all[] = {ham, ham, task_returning(2)};
  sp_as_completed each = open_each(all, 3, INFINITY);
  CHECK_EQ(next_result(&each), 1);
  CHECK_EQ(next_result(&each), 2);
  CHECK_EQ(next_result(&each), 0);
  sp_as_completed_close(&each);
}

BEHAVIOUR(as_completed_of_one, "an iteration over one task gives it and ends")
{
  sp_task *task = task_returning(42);
  sp_as_completed each = open_each(&task, 1, INFINITY);
  CHECK_EQ(next_result(&each), 42);
  CHECK_EQ(next_result(&each), 0);
  sp_as_completed_close(&each);
}

BEHAVIOUR(as_completed_refuses_what_is_no_future, "an iteration over a NULL is refused")
{
  sp_future *none[] = {NULL};
  sp_as_completed each;
  CHECK_EQ(sp_as_completed_open(&each, none, 1, INFINITY), SP_EINVAL);
  sp_as_completed_close(&each);
}

/* --- sp_shield --- */

typedef struct shielding {
  sp_future *inner;
  sp_task *outer;
} shielding;

static shielding begin_shielding(void)
{
  sp_future *inner = sp_future_new();
  sp_task *outer = sp_create_task(shield_given, inner);
  iterate(1);
  return (shielding){inner, outer};
}

BEHAVIOUR(shield_has_the_result, "a shielded wait ends with the future's result")
{
  shielding all = begin_shielding();
  sp_future_set_result(all.inner, 42);
  CHECK_EQ(sp_await(all.outer), 42);
  sp_future_free(all.inner);
}

BEHAVIOUR(shield_has_the_error,
          "a shielded wait ends with the future's error, two iterations after it")
{
  shielding all = begin_shielding();
  sp_future_set_error(all.inner, SP_EIO, "expected");
  iterate(1);
  CHECK(!sp_future_done(all.outer));
  iterate(1);
  CHECK_ERROR(sp_future_error(all.outer), SP_EIO, "expected");
  sp_task_detach(all.outer);
  sp_future_free(all.inner);
}

BEHAVIOUR(shield_of_a_cancelled_future_is_cancelled,
          "cancelling the future itself cancels who is shielded")
{
  shielding all = begin_shielding();
  CHECK(sp_future_cancel(all.inner, NULL));
  iterate(2);
  CHECK(sp_future_cancelled(all.outer));
  CHECK_EQ(sp_await(all.outer), SP_ECANCELED);
  sp_future_free(all.inner);
}

BEHAVIOUR(cancelled_shield_lets_go,
          "a shielded wait that is cancelled ends at once and awaits nothing any more")
{
  shielding all = begin_shielding();
  CHECK(is_awaited(all.inner));
  CHECK(sp_task_cancel(all.outer, NULL));
  iterate(1);
  CHECK(sp_future_cancelled(all.outer));
  CHECK(!sp_future_done(all.inner));
  CHECK(!is_awaited(all.inner));
  CHECK_EQ(sp_await(all.outer), SP_ECANCELED);
  sp_future_free(all.inner);
}

BEHAVIOUR(result_after_a_cancelled_shield_is_quiet,
          "a result that nobody waits for any more harms nobody")
{
  shielding all = begin_shielding();
  CHECK_EQ(stop_and_await(all.outer), SP_ECANCELED);
  sp_future_set_result(all.inner, 1);
  iterate(2);
  CHECK_EQ((int)reports_left(), 0);
  CHECK_EQ(sp_future_result(all.inner), 1);
  sp_future_free(all.inner);
}

BEHAVIOUR(error_after_a_cancelled_shield_can_be_taken,
          "an error that comes after it is not reported while it can be asked for")
{
  shielding all = begin_shielding();
  CHECK_EQ(stop_and_await(all.outer), SP_ECANCELED);
  sp_future_set_error(all.inner, SP_EIO, "foo");
  iterate(2);
  CHECK_EQ((int)reports_left(), 0);
  CHECK_ERROR(sp_future_error(all.inner), SP_EIO, "foo");
  sp_future_free(all.inner);
  CHECK_EQ((int)reports_left(), 0);
}

BEHAVIOUR(error_after_a_cancelled_shield_is_reported_if_lost,
          "and it is reported, once, when nobody has asked")
{
  shielding all = begin_shielding();
  CHECK_EQ(stop_and_await(all.outer), SP_ECANCELED);
  sp_future_set_error(all.inner, SP_EIO, "foo");
  iterate(2);
  CHECK_EQ((int)reports_left(), 0);
  sp_future_free(all.inner);
  const kept_report *report = REPORTED("Future exception was never retrieved");
  CHECK_EQ(report->code, SP_EIO);
  CHECK_STR(report->error_message, "foo");
}

BEHAVIOUR(error_after_two_cancelled_shields_is_quiet,
          "a future shielded twice in vain is not reported either")
{
  shielding all = begin_shielding();
  CHECK_EQ(stop_and_await(all.outer), SP_ECANCELED);
  all.outer = sp_create_task(shield_given, all.inner);
  iterate(1);
  CHECK_EQ(stop_and_await(all.outer), SP_ECANCELED);
  CHECK(!is_awaited(all.inner));
  sp_future_set_error(all.inner, SP_EIO, "foo");
  iterate(2);
  CHECK_EQ((int)reports_left(), 0);
  CHECK_EQ(sp_future_error(all.inner), SP_EIO);
  sp_future_free(all.inner);
}

BEHAVIOUR(shield_of_a_done_future_suspends_nobody, "a future that is done is not waited for")
{
  sp_future *inner = sp_future_new();
  sp_future_set_result(inner, 42);
  sp_loop_call_soon(sp_loop_running(), note_it, "later");
  CHECK_EQ(sp_shield(inner), 42);
  SAW("");
  iterate(1);
  SAW("later");
  sp_future_free(inner);
}

BEHAVIOUR(shield_keeps_the_task_running, "cancelling who waits shielded does not stop the task")
{
  sp_future *future = sp_future_new();
  sp_task *inner = sp_create_task(await_given, future);
  sp_task *outer = sp_create_task(shield_given, inner);
  iterate(1);
  CHECK(sp_task_cancel(outer, NULL));
  CHECK_EQ(sp_await(outer), SP_ECANCELED);
  CHECK_EQ(sp_task_cancelling(inner), 0);
  sp_future_set_result(future, 1);
  iterate(1);
  CHECK(sp_future_done(inner));
  CHECK_EQ(sp_await(inner), 1);
  sp_future_free(future);
}

BEHAVIOUR(shield_of_a_task_made_in_place, "a task can be made in the call that shields it")
{
  sp_task *inner = NULL;
  CHECK_EQ(sp_shield(inner = task_returning(42)), 42);
  sp_task_detach(inner);
}

BEHAVIOUR(shielded_gather_goes_on,
          "a task that gathers, shielded, has its results in spite of a cancellation")
{
  gathering all = {.count = 2};
  begin_gathering(&all, false);
  sp_task *outer = sp_create_task(shield_given, all.task);
  iterate(1);
  CHECK_EQ(stop_and_await(outer), SP_ECANCELED);
  sp_future_set_result(all.children[0], 1);
  sp_future_set_result(all.children[1], 2);
  iterate(TOLD);
  SAW("gathered");
  CHECK(sp_future_done(all.task));
  CHECK_EQ(end_gathering(&all), 0);
  CHECK_EQ(all.results[0], 1);
  CHECK_EQ(all.results[1], 2);
}

BEHAVIOUR(gathered_shields_keep_their_futures,
          "cancelling who gathers shields cancels them, not what they shield")
{
  gathering all = {.count = 2};
  futures_new(all.children, 2);
  for (int i = 0; i < 2; i++) all.tasks[i] = sp_create_task(shield_given, all.children[i]);
  sp_task *shields[] = {sp_task_ref(all.tasks[0]), sp_task_ref(all.tasks[1])};
  all.task = sp_create_task(gather_given, &all);
  iterate(1);
  CHECK(sp_task_cancel(all.task, NULL));
  CHECK_EQ(await_kept(all.task), SP_ECANCELED);
  SAW("cancelled");
  CHECK(sp_future_cancelled(shields[0]));
  CHECK(sp_future_cancelled(shields[1]));
  CHECK_EQ(sp_future_set_result(all.children[0], 1), 0);
  CHECK_EQ(sp_future_set_result(all.children[1], 2), 0);
  iterate(1);
  CHECK_EQ(end_gathering(&all), SP_ECANCELED);
  detach_each(shields, 2);
}
