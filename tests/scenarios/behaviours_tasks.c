/* Behaviours of tasks: how they are made and named, what they say of themselves, which one runs,
 * how they are asked to stop, and what is theirs alone. */
#include "behaviours.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- helpers --- */

static int await_given(void *future) { return sp_await(future); }

static int wait_for_ever(void *arg)
{
  (void)arg;
  return sp_sleep(INFINITY);
}

/* Awaits it and keeps the handle. */
static int await_kept(sp_task *task) { return sp_await(sp_task_ref(task)); }

static void cancel_task(void *task) { sp_task_cancel(task, NULL); }

static const char *text(const char *format, ...) SP__PRINTF(1, 2);
static const char *text(const char *format, ...)
{
  static char written[512];
  va_list words;
  va_start(words, format);
  vsnprintf(written, sizeof written, format, words);
  va_end(words);
  return written;
}

/* A task that waits for a pending future: what many behaviours begin with. */
typedef struct waiting_task {
  sp_future *future;
  sp_task *task;
} waiting_task;

static waiting_task begin_waiting(sp_coroutine *fn)
{
  sp_future *future = sp_future_new();
  sp_task *task = sp_create_task(fn, future);
  iterate(1);
  return (waiting_task){future, task};
}

static void end_waiting(waiting_task waiting)
{
  sp_task_detach(waiting.task);
  sp_future_free(waiting.future);
}

/* --- how they are made --- */

BEHAVIOUR(task_ends_with_its_result,
          "a task is pending until its function returns, then has its result")
{
  sp_task *task = task_returning(7);
  CHECK(!sp_future_done(task));
  CHECK_ERROR(sp_future_result(task), SP_EINVALIDSTATE, "Result is not set.");
  CHECK_EQ(await_kept(task), 7);
  CHECK(sp_future_done(task));
  CHECK(!sp_future_cancelled(task));
  CHECK_EQ(sp_future_result(task), 7);
  CHECK_EQ(sp_future_error(task), 0);
  sp_task_detach(task);
}

BEHAVIOUR(task_ends_with_its_error, "a task that returns an error has it, with its message")
{
  sp_task *task = task_failing(SP_EINVAL, "no such planet");
  iterate(1);
  CHECK(sp_future_done(task));
  CHECK_ERROR(sp_future_error(task), SP_EINVAL, "no such planet");
  CHECK_ERROR(sp_await(task), SP_EINVAL, "no such planet");
}

static void note_it(void *word) { note("%s", (const char *)word); }

static int note_and_return(void *word)
{
  note("%s", (const char *)word);
  return 0;
}

BEHAVIOUR(task_begins_in_the_next_iteration,
          "tasks and calls begin in the next iteration, in the order in which they were made")
{
  sp_loop *loop = sp_loop_running();
  sp_loop_call_soon(loop, note_it, "call");
  sp_task_detach(sp_create_task(note_and_return, "task"));
  sp_loop_call_soon(loop, note_it, "another");
  note("made");
  iterate(1);
  note("after");
  SAW("made call task another after");
}

static int runs_on(void *loop) { return sp_loop_running() == loop; }

BEHAVIOUR_OUTSIDE(task_runs_on_the_loop_it_was_made_for,
                  "a task made for a loop that does not run yet runs when that loop does")
{
  sp_loop *one = new_loop();
  sp_loop *other = new_loop();
  sp_task *task = sp_loop_create_task(one, runs_on, one);
  sp_task *later = sp_loop_create_task(other, runs_on, other);
  CHECK_EQ(sp_loop_run_until_complete(one, task), 1);
  CHECK(sp_future_done(task));
  CHECK_EQ(sp_future_result(task), 1);
  CHECK(!sp_future_done(later));
  CHECK_EQ(sp_loop_run_until_complete(other, later), 1);
  sp_task_detach(task);
  sp_task_detach(later);
  CHECK_EQ(sp_loop_free(one), 0);
  CHECK_EQ(sp_loop_free(other), 0);
}

static int make_task(void *place)
{
  *(sp_task **)place = sp_create_task(runs_on, sp_loop_running());
  return 0;
}

BEHAVIOUR_OUTSIDE(task_made_in_a_task_has_its_loop,
                  "a task is made for the running loop, and there is none where no loop runs")
{
  sp_loop *loop = new_loop();
  sp_task *made = NULL;
  sp_task *maker = sp_loop_create_task(loop, make_task, &made);
  CHECK_EQ(sp_loop_run_until_complete(loop, maker), 0);
  CHECK_EQ(sp_loop_run_until_complete(loop, made), 1);
  sp_task_detach(maker);
  sp_task_detach(made);
  CHECK_EQ(sp_loop_free(loop), 0);
  CHECK(sp_create_task(runs_on, NULL) == NULL);
  CHECK_STR(sp_error_message(), "no running event loop");
}

BEHAVIOUR_OUTSIDE(task_of_a_closed_loop_is_not_made,
                  "a task that can never run is not made, and nothing is left of it")
{
  sp_loop *loop = new_loop();
  CHECK_EQ(sp_loop_close(loop), 0);
  CHECK(sp_loop_create_task(loop, runs_on, loop) == NULL);
  CHECK_STR(sp_error_message(), "Event loop is closed");
  CHECK_EQ((int)sp_all_tasks(loop, NULL, 0), 0);
  CHECK_EQ((int)reports_left(), 0);
  CHECK_EQ(sp_loop_free(loop), 0);
}

BEHAVIOUR(task_is_a_future, "what takes a future takes a task")
{
  sp_future *future = sp_future_new();
  sp_task *task = task_returning(2);
  sp_future *both[] = {future, task};
  int results[2] = {0};
  sp_future_set_result(future, 1);
  CHECK_EQ(sp_wait(both, 2, INFINITY, SP_ALL_COMPLETED), 2);
  CHECK(both[0] == future);
  CHECK(both[1] == task);
  CHECK_EQ(sp_gather(both, 2, results), 0);
  CHECK_EQ(results[0], 1);
  CHECK_EQ(results[1], 2);
  sp_future_free(future);
}

BEHAVIOUR(task_knows_its_function, "a task has the name of its function, also when it is done")
{
  sp_task *task = sp_create_task(note_and_return, "ran");
  CHECK_STR(sp_task_coro_name(task), "note_and_return");
  CHECK_EQ(await_kept(task), 0);
  CHECK_STR(sp_task_coro_name(task), "note_and_return");
  sp_task_detach(task);
  SAW("ran");
}

BEHAVIOUR(task_refuses_a_result_from_outside, "a task's result and its error are its own to set")
{
  sp_task *task = task_returning(5);
  CHECK_ERROR(sp_future_set_result(task, 1), SP_EINVALIDSTATE,
              "Task does not support set_result operation");
  CHECK_ERROR(sp_future_set_error(task, SP_EIO, NULL), SP_EINVALIDSTATE,
              "Task does not support set_exception operation");
  CHECK_EQ(sp_await(task), 5);
}

static int forty_two(void) { return 42; }

static int a_thousand(void)
{
  CHECK_EQ(sp_sleep(0), 0);
  return 1000;
}

static int add_both(void *arg)
{
  (void)arg;
  return forty_two() + a_thousand();
}

BEHAVIOUR(coroutine_awaits_others_by_calling_them, "a coroutine awaits others by calling them")
{
  CHECK_EQ(sp_await(sp_create_task(add_both, NULL)), 1042);
}

/* --- eager tasks --- */

static int note_name(void *arg)
{
  (void)arg;
  note("%s", sp_task_name(sp_task_current()));
  return 42;
}

BEHAVIOUR(eager_task_runs_at_once, "an eager task that never suspends is done when it is made")
{
  sp_task_options options = {.name = "example", .eager_start = true};
  sp_task *task = sp_create_task_with(note_name, NULL, &options);
  SAW("example");
  CHECK(sp_future_done(task));
  CHECK_EQ(sp_await(task), 42);
}

BEHAVIOUR(task_that_is_not_eager_waits_its_turn, "without eager_start nothing runs when it is made")
{
  sp_task_options options = {.name = "example", .eager_start = false};
  sp_task *task = sp_create_task_with(note_name, NULL, &options);
  SAW("");
  CHECK(!sp_future_done(task));
  CHECK_EQ(sp_await(task), 42);
  SAW("example");
}

/* --- names --- */

BEHAVIOUR(tasks_are_numbered, "a task without a name is Task-N, one more than the task before it")
{
  sp_task *first = task_returning(1);
  sp_task *second = task_returning(2);
  CHECK_STR(sp_task_name(sp_task_current()), "Task-1");
  CHECK_STR(sp_task_name(first), "Task-2");
  CHECK_STR(sp_task_name(second), "Task-3");
  CHECK(strncmp(repr_of(first), "<Task pending name='Task-2' ", 28) == 0);
  CHECK(strncmp(repr_of(second), "<Task pending name='Task-3' ", 28) == 0);
  CHECK_EQ(sp_await(first), 1);
  CHECK_EQ(sp_await(second), 2);
}

BEHAVIOUR(task_has_the_name_it_was_given, "a task has the name that it was made with")
{
  sp_task *task = sp_create_task_with(note_name, NULL, &(sp_task_options){.name = "No-op"});
  CHECK_STR(sp_task_name(task), "No-op");
  CHECK_EQ(sp_await(task), 42);
  SAW("No-op");
}

BEHAVIOUR(task_can_be_renamed, "a name can be changed, and taken back")
{
  sp_task *task = task_returning(0);
  CHECK_EQ(sp_task_set_name(task, "mine"), 0);
  CHECK_STR(sp_task_name(task), "mine");
  CHECK_EQ(sp_task_set_name(task, NULL), 0);
  CHECK_STR(sp_task_name(task), "Task-2");
  CHECK_EQ(sp_await(task), 0);
}

BEHAVIOUR(task_name_may_look_like_a_number, "a name of digits is a name like any other")
{
  sp_task *task = sp_create_task_with(note_name, NULL, &(sp_task_options){.name = "987654321"});
  CHECK_STR(sp_task_name(task), "987654321");
  CHECK_EQ(sp_task_set_name(task, "123456789"), 0);
  CHECK_STR(sp_task_name(task), "123456789");
  CHECK(strncmp(repr_of(task), "<Task pending name='123456789' ", 31) == 0);
  CHECK_EQ(sp_await(task), 42);
  SAW("123456789");
}

/* --- what they say of themselves --- */

BEHAVIOUR(repr_follows_the_task, "a repr says pending, then cancelling, then how the task ended")
{
  enum { MADE = __LINE__ + 1 };
  sp_task *task = sp_create_task_with(wait_for_ever, NULL, &(sp_task_options){.name = "sleeper"});
  CHECK_STR(repr_of(task), text("<Task pending name='sleeper' coro=<wait_for_ever() running at "
                                "behaviours_tasks.c:%d>>",
                                MADE));
  CHECK(sp_task_cancel(task, NULL));
  CHECK_STR(repr_of(task), text("<Task cancelling name='sleeper' coro=<wait_for_ever() running at "
                                "behaviours_tasks.c:%d>>",
                                MADE));
  CHECK_EQ(await_kept(task), SP_ECANCELED);
  CHECK_STR(repr_of(task),
            text("<Task cancelled name='sleeper' coro=<wait_for_ever() done, created "
                 "at behaviours_tasks.c:%d>>",
                 MADE));
  sp_task_detach(task);
}

BEHAVIOUR(repr_tells_result_and_place, "a done task's repr tells its result and where it was made")
{
  enum { MADE = __LINE__ + 1 };
  sp_task *task = sp_create_task(note_and_return, "ran");
  CHECK_EQ(await_kept(task), 0);
  CHECK_STR(repr_of(task),
            text("<Task finished name='Task-2' coro=<note_and_return() done, created "
                 "at behaviours_tasks.c:%d> result=0>",
                 MADE));
  sp_task_detach(task);
  task = task_failing(SP_EIO, "torn");
  CHECK_EQ(await_kept(task), SP_EIO);
  CHECK(strstr(repr_of(task), " exception=SP_EIO(-45, 'torn')>") != NULL);
  sp_task_detach(task);
  SAW("ran");
}

BEHAVIOUR(repr_tells_what_is_waited_for, "the repr of a task that waits shows what it waits for")
{
  waiting_task inner = begin_waiting(await_given);
  sp_task *outer = sp_create_task(await_given, inner.task);
  CHECK(strstr(repr_of(inner.task), "wait_for=<Future pending>>") != NULL);
  iterate(1);
  char wanted[512];
  snprintf(wanted, sizeof wanted, " wait_for=%s>", repr_of(inner.task));
  CHECK(strstr(repr_of(outer), wanted) != NULL);
  sp_future_set_result(inner.future, 3);
  CHECK(strstr(repr_of(inner.task), "wait_for=<Future finished result=3>>") != NULL);
  CHECK_EQ(sp_await(outer), 3);
  sp_future_free(inner.future);
}

static int show_itself(void *place)
{
  char *graph = place;
  sp_format_call_graph(NULL, graph, 200);
  return 0;
}

BEHAVIOUR(running_task_tells_its_call_graph, "a task's call graph names its function, which runs")
{
  char graph[200] = "";
  enum { AWAITED = __LINE__ + 1 };
  CHECK_EQ(sp_await(sp_create_task(show_itself, graph)), 0);
  CHECK_STR(graph, text("Task-2: show_itself() runs\n  awaited by Task-1: run_inside() waits in "
                        "sp_await at behaviours_tasks.c:%d for 0.000 s\n",
                        AWAITED));
}

/* --- which one runs, and which there are --- */

static int check_that_it_runs(void *place)
{
  CHECK(sp_task_current() == *(sp_task **)place);
  CHECK_EQ(sp_sleep(0.1), 0);
  CHECK(sp_task_current() == *(sp_task **)place);
  return 0;
}

static void check_that_no_task_runs(void *arg)
{
  (void)arg;
  CHECK(sp_task_current() == NULL);
}

BEHAVIOUR_OUTSIDE(current_task_is_the_one_that_runs,
                  "the current task is the one that runs; in callbacks and outside there is none")
{
  sp_loop *loop = new_loop();
  CHECK(sp_task_current() == NULL);
  sp_task *task = sp_loop_create_task(loop, check_that_it_runs, &task);
  sp_loop_call_soon(loop, check_that_no_task_runs, NULL);
  CHECK(sp_task_current() == NULL);
  CHECK_EQ(sp_loop_run_until_complete(loop, task), 0);
  CHECK(sp_task_current() == NULL);
  sp_task_detach(task);
  CHECK_EQ(sp_loop_free(loop), 0);
}

typedef struct meeting {
  sp_task *task;
  sp_future *waits_for, *sets;
  bool sets_first;
} meeting;

static int meet(void *arg)
{
  meeting *self = arg;
  CHECK(sp_task_current() == self->task);
  if (self->sets_first) sp_future_set_result(self->sets, 0);
  CHECK_EQ(sp_await(self->waits_for), 0);
  CHECK(sp_task_current() == self->task);
  if (!self->sets_first) sp_future_set_result(self->sets, 0);
  return 0;
}

BEHAVIOUR(current_task_follows_interleaving_tasks,
          "tasks that take turns each see themselves as the current task")
{
  sp_task *own = sp_task_current();
  meeting one = {.waits_for = sp_future_new(), .sets = sp_future_new()};
  meeting other = {.waits_for = one.sets, .sets = one.waits_for, .sets_first = true};
  one.task = sp_create_task(meet, &one);
  other.task = sp_create_task(meet, &other);
  sp_task *both[] = {one.task, other.task};
  CHECK_EQ(sp_gather(both, 2, NULL), 0);
  CHECK(sp_task_current() == own);
  sp_future_free(one.waits_for);
  sp_future_free(one.sets);
}

BEHAVIOUR(all_tasks_are_those_not_done, "all tasks are the pending ones, in the order of creation")
{
  sp_loop *loop = sp_loop_running();
  sp_task *tasks[4] = {NULL};
  sp_task *quick = task_returning(0);
  sp_task *slow = task_waiting();
  CHECK_EQ((int)sp_all_tasks(loop, tasks, 4), 3);
  CHECK(tasks[0] == sp_task_current());
  CHECK(tasks[1] == quick);
  CHECK(tasks[2] == slow);
  iterate(1);
  CHECK_EQ((int)sp_all_tasks(loop, tasks, 4), 2);
  CHECK(tasks[1] == slow);
  CHECK(sp_task_cancel(slow, NULL));
  CHECK_EQ(sp_await(slow), SP_ECANCELED);
  CHECK_EQ(sp_await(quick), 0);
  CHECK_EQ((int)sp_all_tasks(loop, tasks, 4), 1);
}

BEHAVIOUR_OUTSIDE(pending_task_of_a_closed_loop_is_reported,
                  "a task that is pending when its loop is closed is reported")
{
  sp_loop *loop = new_loop();
  sp_loop_set_debug(loop, true);
  sp_task *task = sp_loop_create_task(loop, wait_for_ever, NULL);
  sp_task *found = NULL;
  CHECK_EQ((int)sp_all_tasks(loop, &found, 1), 1);
  CHECK(found == task);
  sp_loop_stop(loop);
  CHECK_EQ(sp_loop_run_forever(loop), 0);
  CHECK_EQ(sp_loop_close(loop), 0);
  const kept_report *report = REPORTED("Task was destroyed but it is pending!");
  CHECK_EQ(report->code, 0);
  CHECK(strstr(report->repr, "coro=<wait_for_ever() running at behaviours_tasks.c:") != NULL);
  CHECK_EQ((int)sp_all_tasks(loop, NULL, 0), 0);
  CHECK_EQ((int)reports_left(), 0);
  CHECK_EQ(sp_loop_free(loop), 0);
}

/* --- what they wait for --- */

BEHAVIOUR(task_goes_on_when_its_future_is_done,
          "a task that awaits a future goes on in the iteration after its end, with its result")
{
  waiting_task waiting = begin_waiting(await_given);
  CHECK(!sp_future_done(waiting.task));
  CHECK_EQ(sp_future_set_result(waiting.future, 9), 0);
  CHECK(!sp_future_done(waiting.task));
  iterate(1);
  CHECK(sp_future_done(waiting.task));
  CHECK_EQ(sp_future_result(waiting.task), 9);
  end_waiting(waiting);
}

static int await_itself(void *arg)
{
  (void)arg;
  return sp_await(sp_task_current());
}

BEHAVIOUR(task_cannot_await_itself, "a task that awaits itself is told so")
{
  sp_task *task = sp_create_task(await_itself, NULL);
  CHECK_ERROR(sp_await(task), SP_EINVAL, "Task cannot await on itself");
}

BEHAVIOUR(await_refuses_a_future_of_another_loop,
          "a task cannot await a future of another loop, unless it is done")
{
  sp_loop *other = new_loop();
  sp_future *future = sp_loop_create_future(other);
  CHECK_ERROR(sp_await(future), SP_EINVAL, "Task got Future attached to a different loop");
  sp_future_set_result(future, 6);
  CHECK_EQ(sp_await(future), 6);
  sp_future_free(future);
  CHECK_EQ(sp_loop_free(other), 0);
}

static int count_and_stop(void *arg)
{
  int *counted = arg;
  while (*counted < 10) {
    int error = sp_sleep(0.1);
    if (error < 0) return error;
    if (++*counted == 2) sp_loop_stop(sp_loop_running());
  }
  return 0;
}

BEHAVIOUR_OUTSIDE(loop_stopped_before_the_task_ended,
                  "a loop that is stopped leaves the task pending, and goes on from there")
{
  sp_loop *loop = new_loop();
  int counted = 0;
  sp_task *task = sp_loop_create_task(loop, count_and_stop, &counted);
  CHECK_ERROR(sp_loop_run_until_complete(loop, task), SP_EINVALIDSTATE,
              "Event loop stopped before Future completed.");
  CHECK(!sp_future_done(task));
  CHECK_EQ(counted, 2);
  CHECK_TIME(sp_loop_time(loop), 0.2);
  CHECK(sp_task_cancel(task, NULL));
  CHECK_EQ(sp_loop_run_until_complete(loop, task), SP_ECANCELED);
  CHECK_EQ(counted, 2);
  sp_task_detach(task);
  CHECK_EQ(sp_loop_free(loop), 0);
}

/* --- asking them to stop --- */

BEHAVIOUR(cancelled_task_ends_cancelled,
          "a sleeping task that is cancelled ends at once, cancelled")
{
  sp_task *task = task_sleeping(10, 12);
  sp_loop_call_soon(sp_loop_running(), cancel_task, task);
  CHECK_EQ(await_kept(task), SP_ECANCELED);
  CHECK(sp_future_done(task));
  CHECK(sp_future_cancelled(task));
  CHECK(!sp_task_cancel(task, NULL));
  CHECK_TIME(loop_time(), 0);
  sp_task_detach(task);
}

BEHAVIOUR(cancelled_sleep_takes_no_time, "who awaits a task hears at once that it was cancelled")
{
  sp_task *task = task_sleeping(5000, 0);
  sp_loop_call_later(sp_loop_running(), 0.1, cancel_task, task);
  CHECK_EQ(sp_await(task), SP_ECANCELED);
  CHECK_TIME(loop_time(), 0.1);
}

static int yield_twice(void *arg)
{
  (void)arg;
  int error = sp_sleep(0);
  if (error == 0) error = sp_sleep(0);
  return error < 0 ? error : 12;
}

BEHAVIOUR(task_that_yields_can_be_cancelled, "a task in sp_sleep(0) is cancelled there")
{
  sp_task *task = sp_create_task(yield_twice, NULL);
  iterate(1);
  CHECK(sp_task_cancel(task, NULL));
  CHECK_EQ(await_kept(task), SP_ECANCELED);
  CHECK(sp_future_cancelled(task));
  CHECK(!sp_task_cancel(task, NULL));
  sp_task_detach(task);
}

BEHAVIOUR(cancelled_future_cancels_the_task_that_awaits_it,
          "a task that lets the cancellation of its future through ends cancelled")
{
  waiting_task waiting = begin_waiting(await_given);
  CHECK(sp_future_cancel(waiting.future, NULL));
  CHECK_EQ(await_kept(waiting.task), SP_ECANCELED);
  CHECK(sp_future_cancelled(waiting.future));
  CHECK(sp_future_cancelled(waiting.task));
  CHECK_EQ(sp_task_cancelling(waiting.task), 0);
  end_waiting(waiting);
}

BEHAVIOUR(task_and_its_future_cancelled_together, "a task whose future was cancelled can be, too")
{
  waiting_task waiting = begin_waiting(await_given);
  CHECK(sp_future_cancel(waiting.future, NULL));
  CHECK(sp_task_cancel(waiting.task, NULL));
  CHECK_EQ(await_kept(waiting.task), SP_ECANCELED);
  CHECK(sp_future_done(waiting.task));
  CHECK(sp_future_cancelled(waiting.future));
  CHECK(sp_future_cancelled(waiting.task));
  end_waiting(waiting);
}

BEHAVIOUR(cancelling_a_task_cancels_what_it_awaits,
          "cancelling a task cancels its future at once, and the task in the next iteration")
{
  waiting_task waiting = begin_waiting(await_given);
  CHECK(sp_task_cancel(waiting.task, NULL));
  CHECK(sp_future_cancelled(waiting.future));
  CHECK(!sp_future_done(waiting.task));
  iterate(1);
  CHECK(sp_future_cancelled(waiting.task));
  CHECK_EQ(sp_future_result(waiting.task), SP_ECANCELED);
  end_waiting(waiting);
}

typedef struct chain {
  sp_future *first, *second, *third;
  int proof;
} chain;

static chain chain_new(void)
{
  return (chain){.first = sp_future_new(), .second = sp_future_new(), .third = sp_future_new()};
}

static void chain_free(chain *futures)
{
  sp_future_free(futures->first);
  sp_future_free(futures->second);
  sp_future_free(futures->third);
}

static int catch_second(void *arg)
{
  chain *futures = arg;
  CHECK_EQ(sp_await(futures->first), 0);
  return sp_await(futures->second) == SP_ECANCELED ? 42 : 0;
}

BEHAVIOUR(task_may_catch_its_cancellation, "a task that returns a result in spite of it has it")
{
  chain futures = chain_new();
  sp_task *task = sp_create_task(catch_second, &futures);
  iterate(1);
  sp_future_set_result(futures.first, 0);
  iterate(1);
  CHECK(sp_task_cancel(task, NULL));
  CHECK(sp_future_cancelled(futures.second));
  CHECK_EQ(await_kept(task), 42);
  CHECK(!sp_future_cancelled(task));
  sp_task_detach(task);
  chain_free(&futures);
}

static int ignore_second(void *arg)
{
  chain *futures = arg;
  CHECK_EQ(catch_second(arg), 42);
  return sp_await(futures->third);
}

BEHAVIOUR(task_may_ignore_its_cancellation, "a task that goes on after it can wait again")
{
  chain futures = chain_new();
  sp_task *task = sp_create_task(ignore_second, &futures);
  iterate(1);
  sp_future_set_result(futures.first, 0);
  iterate(1);
  CHECK(sp_task_cancel(task, NULL));
  CHECK(sp_future_cancelled(futures.second));
  iterate(1);
  CHECK(!sp_future_done(task));
  sp_future_set_result(futures.third, 43);
  CHECK_EQ(await_kept(task), 43);
  CHECK(!sp_future_cancelled(futures.third));
  CHECK(!sp_future_cancelled(task));
  sp_task_detach(task);
  chain_free(&futures);
}

static int cancel_itself_and_sleep(void *arg)
{
  (void)arg;
  CHECK(sp_task_cancel(sp_task_current(), NULL));
  return sp_sleep(100);
}

BEHAVIOUR(task_that_cancels_itself_stops_at_its_next_wait,
          "a running task that is cancelled gets it at its next suspension, which takes no time")
{
  sp_task *task = sp_create_task(cancel_itself_and_sleep, NULL);
  CHECK(!sp_future_cancelled(task));
  CHECK_EQ(await_kept(task), SP_ECANCELED);
  CHECK(sp_future_cancelled(task));
  CHECK(!sp_task_cancel(task, NULL));
  CHECK_TIME(loop_time(), 0);
  sp_task_detach(task);
}

static int cancel_itself_and_return(void *arg)
{
  (void)arg;
  CHECK(sp_task_cancel(sp_task_current(), NULL));
  return 12;
}

BEHAVIOUR(task_cancelled_at_its_end_is_cancelled,
          "a task that returns before a request to cancel was delivered is cancelled all the same")
{
  sp_task *task = sp_create_task(cancel_itself_and_return, NULL);
  CHECK(!sp_future_cancelled(task));
  CHECK_EQ(await_kept(task), SP_ECANCELED);
  CHECK(sp_future_cancelled(task));
  CHECK(!sp_task_cancel(task, NULL));
  sp_task_detach(task);
}

static int cancel_itself_and_await(void *arg)
{
  waiting_task *nested = arg;
  nested->task = sp_create_task(await_given, nested->future);
  CHECK_EQ(sp_sleep(0), 0);
  CHECK(sp_task_cancel(sp_task_current(), NULL));
  return await_kept(nested->task);
}

BEHAVIOUR(kept_cancellation_reaches_the_next_awaited_task,
          "a request that a running task carries cancels what it awaits next, through to the last")
{
  waiting_task nested = {.future = sp_future_new()};
  sp_task *task = sp_create_task(cancel_itself_and_await, &nested);
  CHECK_EQ(await_kept(task), SP_ECANCELED);
  CHECK(sp_future_cancelled(task));
  CHECK(sp_future_cancelled(nested.task));
  CHECK(sp_future_cancelled(nested.future));
  sp_task_detach(task);
  end_waiting(nested);
}

static int inner_call(chain *futures)
{
  int error = sp_await(futures->first);
  CHECK_EQ(error, SP_ECANCELED);
  futures->proof += 1;
  return error;
}

static int outer_call(void *arg)
{
  chain *futures = arg;
  futures->proof += inner_call(futures) == SP_ECANCELED ? 100 : 10;
  return 0;
}

BEHAVIOUR(cancellation_passes_through_calls, "a cancellation comes out of every call on its way")
{
  chain futures = chain_new();
  sp_task *task = sp_create_task(outer_call, &futures);
  iterate(1);
  CHECK(sp_task_cancel(task, NULL));
  CHECK_EQ(sp_await(task), 0);
  CHECK_EQ(futures.proof, 101);
  CHECK(sp_future_cancelled(futures.first));
  chain_free(&futures);
}

static int fail_when_cancelled(void *arg)
{
  (void)arg;
  return sp_sleep(10) == SP_ECANCELED ? sp_fail(SP_EUSER, "shut down") : 0;
}

BEHAVIOUR(task_that_fails_when_cancelled_has_failed,
          "a task that answers a cancellation with another error has failed, not been cancelled")
{
  sp_task *task = sp_create_task(fail_when_cancelled, NULL);
  iterate(1);
  CHECK(sp_task_cancel(task, NULL));
  CHECK(!sp_future_done(task));
  iterate(1);
  CHECK(sp_future_done(task));
  CHECK(!sp_future_cancelled(task));
  CHECK_ERROR(sp_future_error(task), SP_EUSER, "shut down");
  sp_task_detach(task);
}

static int note_begin(void *arg)
{
  note("began");
  return wait_for_ever(arg);
}

BEHAVIOUR(task_cancelled_before_it_begins_never_runs,
          "a task that is cancelled before its first step never runs, and has the message")
{
  sp_task *task = sp_create_task(note_begin, NULL);
  CHECK(sp_task_cancel(task, "not today"));
  CHECK_EQ(sp_wait(&task, 1, INFINITY, SP_ALL_COMPLETED), 1);
  CHECK_ERROR(sp_future_error(task), SP_ECANCELED, "not today");
  SAW("");
  sp_task_detach(task);
}

BEHAVIOUR(last_cancel_message_counts,
          "of two requests before it begins, the second one's message is taken")
{
  sp_task *task = task_returning(0);
  CHECK(sp_task_cancel(task, "my message"));
  CHECK(sp_task_cancel(task, "my new message"));
  CHECK_ERROR(sp_await(task), SP_ECANCELED, "my new message");
}

BEHAVIOUR(cancel_message_comes_with_the_result,
          "asking a cancelled task for its result gives the message of the cancellation, if any")
{
  const char *const messages[] = {NULL, "my message"};
  for (int i = 0; i < 2; i++) {
    sp_task *task = task_waiting();
    iterate(1);
    CHECK(sp_task_cancel(task, messages[i]));
    CHECK_EQ(sp_wait(&task, 1, INFINITY, SP_ALL_COMPLETED), 1);
    CHECK_ERROR(sp_future_result(task), SP_ECANCELED, messages[i] ? messages[i] : "cancelled");
    sp_task_detach(task);
  }
}

BEHAVIOUR(cancel_message_comes_with_the_error,
          "asking a cancelled task for its error gives the message of the cancellation, if any")
{
  const char *const messages[] = {NULL, "my message"};
  for (int i = 0; i < 2; i++) {
    sp_task *task = task_waiting();
    iterate(1);
    CHECK(sp_task_cancel(task, messages[i]));
    CHECK_EQ(sp_wait(&task, 1, INFINITY, SP_ALL_COMPLETED), 1);
    CHECK_ERROR(sp_future_error(task), SP_ECANCELED, messages[i] ? messages[i] : "cancelled");
    sp_task_detach(task);
  }
}

static int set_and_sleep(void *future)
{
  sp_future_set_result(future, 0);
  return sp_sleep(10);
}

static void cancel_with_message(void *task) { sp_task_cancel(task, "msg"); }

static int fail_for_the_cancelled(void *arg)
{
  sp_future *began = arg;
  sp_task *inner = sp_create_task(set_and_sleep, began);
  CHECK_EQ(sp_await(began), 0);
  sp_loop_call_soon(sp_loop_running(), cancel_with_message, inner);
  CHECK_ERROR(sp_await(inner), SP_ECANCELED, "msg");
  return sp_fail(SP_EINVAL, "cancelled by: %s", sp_error_message());
}

BEHAVIOUR(cancel_message_can_be_told_on,
          "who awaits a cancelled task has the message for an own error")
{
  sp_future *began = sp_future_new();
  sp_task *task = sp_create_task(fail_for_the_cancelled, began);
  CHECK_ERROR(sp_await(task), SP_EINVAL, "cancelled by: msg");
  sp_future_free(began);
}

BEHAVIOUR(failed_task_that_is_cancelled_is_not_reported,
          "cancelling a task that has failed already takes its error: nothing is reported")
{
  sp_task *task = task_failing(SP_EINVAL, "lost");
  CHECK_EQ(sp_sleep(0.05), 0);
  CHECK(!sp_task_cancel(task, NULL));
  sp_task_detach(task);
  CHECK_EQ((int)reports_left(), 0);
}

BEHAVIOUR(failed_task_that_nobody_asks_is_reported,
          "the error of a task that nobody took is reported")
{
  sp_task *task = task_failing(SP_EINVAL, "lost");
  iterate(1);
  CHECK_EQ((int)reports_left(), 0);
  sp_task_detach(task);
  const kept_report *report = REPORTED("Task exception was never retrieved");
  CHECK_EQ(report->code, SP_EINVAL);
  CHECK_STR(report->error_message, "lost");
}

/* --- taking requests back --- */

BEHAVIOUR(cancelling_counts_the_requests, "every request to cancel counts, and the repr says so")
{
  sp_task *task = task_sleeping(10, 0);
  CHECK_EQ(sp_task_cancelling(task), 0);
  CHECK(strstr(repr_of(task), " cancelling ") == NULL);
  CHECK(sp_task_cancel(task, NULL));
  CHECK_EQ(sp_task_cancelling(task), 1);
  CHECK(strstr(repr_of(task), " cancelling ") != NULL);
  CHECK(sp_task_cancel(task, NULL));
  CHECK_EQ(sp_task_cancelling(task), 2);
  CHECK_EQ(sp_await(task), SP_ECANCELED);
}

static int uncancel_and_sleep_again(void *arg)
{
  (void)arg;
  if (sp_sleep(10) != SP_ECANCELED) return 0;
  sp_task_uncancel(sp_task_current());
  return sp_sleep(10);
}

BEHAVIOUR(uncancelled_task_goes_on, "a task that takes the request back goes on until the next one")
{
  sp_task *task = sp_create_task(uncancel_and_sleep_again, NULL);
  CHECK_EQ(sp_sleep(0.01), 0);
  CHECK(sp_task_cancel(task, NULL));
  CHECK(strstr(repr_of(task), " cancelling ") != NULL);
  CHECK_EQ(sp_task_cancelling(task), 1);
  CHECK(!sp_future_cancelled(task));
  CHECK_EQ(sp_sleep(0.01), 0);
  CHECK(strstr(repr_of(task), " cancelling ") == NULL);
  CHECK_EQ(sp_task_cancelling(task), 0);
  CHECK(!sp_future_done(task));
  CHECK(sp_task_cancel(task, NULL));
  CHECK_EQ(sp_task_cancelling(task), 1);
  CHECK(!sp_future_cancelled(task));
  CHECK_EQ(await_kept(task), SP_ECANCELED);
  CHECK(sp_future_cancelled(task));
  CHECK_EQ(sp_task_uncancel(task), 0);
  CHECK(sp_future_cancelled(task));
  CHECK(sp_future_done(task));
  sp_task_detach(task);
}

typedef struct request {
  double takes, limit;
  sp_task *task;
  bool timed_out, finished, told, went_on;
} request;

static void end_request(void *arg)
{
  request *self = arg;
  self->timed_out = true;
  sp_task_cancel(self->task, NULL);
}

static int make_request(void *arg)
{
  request *self = arg;
  sp_handle limit = sp_loop_call_later(sp_loop_running(), self->limit, end_request, self);
  int error = sp_sleep(self->takes);
  self->finished = error == 0;
  sp_handle_cancel(limit);
  bool all_taken_back = self->timed_out && sp_task_uncancel(sp_task_current()) == 0;
  self->told = all_taken_back && error == SP_ECANCELED;
  self->went_on = true;
  return sp_sleep(0);
}

BEHAVIOUR(uncancel_makes_structured_blocks,
          "a limit that cancels and takes it back ends its block and nothing after it")
{
  request late = {.takes = 10, .limit = 0.1};
  late.task = sp_create_task(make_request, &late);
  CHECK_EQ(await_kept(late.task), 0);
  CHECK(late.timed_out && late.told && !late.finished && late.went_on);
  CHECK_EQ(sp_task_cancelling(late.task), 0);
  CHECK_TIME(loop_time(), 0.1);
  sp_task_detach(late.task);
  request early = {.takes = 0, .limit = 10};
  early.task = sp_create_task(make_request, &early);
  CHECK_EQ(await_kept(early.task), 0);
  CHECK(!early.timed_out && !early.told && early.finished && early.went_on);
  CHECK_EQ(sp_task_cancelling(early.task), 0);
  sp_task_detach(early.task);
}

BEHAVIOUR(uncancel_drops_a_request_not_delivered,
          "a request that was taken back before it was delivered never comes")
{
  waiting_task waiting = begin_waiting(await_given);
  sp_future_set_result(waiting.future, 42);
  CHECK(sp_task_cancel(waiting.task, NULL));
  CHECK_EQ(sp_task_cancelling(waiting.task), 1);
  CHECK_EQ(sp_task_uncancel(waiting.task), 0);
  CHECK_EQ(sp_task_cancelling(waiting.task), 0);
  CHECK_EQ(await_kept(waiting.task), 42);
  end_waiting(waiting);
}

/* --- task-locals --- */

static const sp_local word = {"word", "nope"};

static const char *get_word(void) { return sp_local_get(&word); }
static void set_word(const char *value) { sp_local_set(&word, (void *)(uintptr_t)value); }

static int change_word(void *arg)
{
  (void)arg;
  CHECK_EQ(sp_sleep(0.01), 0);
  CHECK_STR(get_word(), "nope");
  set_word("something else");
  return 0;
}

BEHAVIOUR(task_local_belongs_to_its_task,
          "what a task sets is seen neither by its maker nor by what was made before")
{
  CHECK_STR(get_word(), "nope");
  sp_task *task = sp_create_task(change_word, NULL);
  set_word("yes");
  CHECK_STR(get_word(), "yes");
  CHECK_EQ(sp_await(task), 0);
  CHECK_STR(get_word(), "yes");
}

static void change_word_when_done(sp_future *future, void *arg)
{
  (void)future;
  (void)arg;
  set_word("something else");
}

static void set_to_zero(void *future) { sp_future_set_result(future, 0); }

BEHAVIOUR(done_callback_has_locals_of_its_own, "what a done-callback sets does not reach the task")
{
  CHECK_STR(get_word(), "nope");
  for (int i = 0; i < 2; i++) {
    sp_future *future = sp_future_new();
    sp_future_add_done_callback(future, change_word_when_done, NULL);
    set_word(i ? "yes1" : "yes0");
    sp_loop_call_soon(sp_loop_running(), set_to_zero, future);
    CHECK_EQ(sp_await(future), 0);
    CHECK_STR(get_word(), i ? "yes1" : "yes0");
    set_word("still");
    CHECK_EQ(sp_sleep(0.001), 0);
    CHECK_STR(get_word(), "still");
    sp_future_free(future);
  }
}

static void note_word(sp_loop *loop, const sp_report *report, void *arg)
{
  (void)loop;
  (void)arg;
  note("%s: %s", report->error_message, get_word());
}

static int set_word_and_fail(void *value)
{
  set_word(value);
  return sp_fail(SP_EIO, "torn");
}

BEHAVIOUR(
    handler_sees_the_locals_of_the_failed_task,
    "the exception handler that is told of a task has that task's locals, and leaves no others")
{
  set_word("mine");
  sp_loop_set_exception_handler(sp_loop_running(), note_word, NULL);
  sp_task_detach(sp_create_task(set_word_and_fail, "bar"));
  iterate(1);
  SAW("torn: bar");
  sp_task *task = sp_create_task(set_word_and_fail, "foo");
  iterate(1);
  sp_task_detach(task);
  SAW("torn: foo");
  CHECK_STR(get_word(), "mine");
}

static const sp_local number = {"number", NULL};

static int change_often(void *arg)
{
  int *own = arg;
  for (int i = 0; i < 10; i++) {
    sp_local_set(&number, own + i);
    CHECK_EQ(sp_sleep(0.001 * ((*own + i) % 7 + 1)), 0);
    CHECK(sp_local_get(&number) == own + i);
  }
  return 0;
}

BEHAVIOUR(task_locals_of_many_tasks_are_kept_apart,
          "a hundred tasks that set one variable do not mix")
{
  static int values[110];
  sp_task *tasks[100];
  for (int i = 0; i < 100; i++) {
    values[i] = i;
    tasks[i] = sp_create_task(change_often, &values[i]);
  }
  CHECK_EQ(sp_gather(tasks, 100, NULL), 0);
  CHECK(sp_local_get(&number) == NULL);
}
