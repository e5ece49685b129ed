/* Behaviours of functions in threads, and of what other threads ask of a loop.
 * @threads */
#include "behaviours.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { FAILED = SP_EUSER - 1, MOST = 10 };

/* The address names the thread. */
static const void *this_thread(void)
{
  static _Thread_local char here;
  return &here;
}

static void nothing(void *arg) { (void)arg; }

/* Has the main task of a loop on the real clock do this. */
static void on_real_loop(sp_coroutine *fn)
{
  sp_loop *loop = sp_loop_new(NULL);
  if (!loop) abort();
  sp_loop_set_exception_handler(loop, keep_report, NULL);
  CHECK_EQ(sp_loop_run(loop, fn, loop), 0);
  CHECK_EQ(sp_loop_free(loop), 0);
}

/* --- a function in a thread --- */

typedef struct sum {
  int numbers[2];
  const char *word;
  const void *thread;
  const void *given;
} sum;

static int add(void *arg)
{
  sum *all = arg;
  all->thread = this_thread();
  all->given = arg;
  return all->numbers[0] + all->numbers[1];
}

BEHAVIOUR(thread_gives_its_result, "what a function in a thread returns is the result of the wait")
{
  sum all = {.numbers = {40, 2}};
  CHECK_EQ(sp_to_thread(add, &all), 42);
  CHECK(all.thread != this_thread());
}

BEHAVIOUR(function_gets_its_argument, "a function in a thread gets what it is given, and no copy")
{
  sum all = {.numbers = {1, 2}, .word = "test"};
  CHECK_EQ(sp_to_thread(add, &all), 3);
  CHECK(all.given == &all);
  CHECK_STR(all.word, "test");
}

static int fail_in_thread(void *words) { return sp_fail(FAILED, "%s", (const char *)words); }

BEHAVIOUR(thread_gives_its_error,
          "a task gets the error of its function in a thread, and the words")
{
  CHECK_ERROR(sp_to_thread(fail_in_thread, "no luck"), FAILED, "no luck");
}

static int count(void *counter)
{
  atomic_fetch_add((atomic_int *)counter, 1);
  return 0;
}

BEHAVIOUR(function_runs_once, "a function that is given to a thread runs once")
{
  atomic_int calls = 0;
  CHECK_EQ(sp_to_thread(count, &calls), 0);
  CHECK_EQ(calls, 1);
  iterate(3);
  CHECK_EQ(calls, 1);
}

static int count_in_thread(void *counter) { return sp_to_thread(count, counter); }

static void count_in_many(atomic_int *calls)
{
  sp_task *tasks[MOST];
  for (int i = 0; i < MOST; i++) tasks[i] = sp_create_task(count_in_thread, calls);
  CHECK_EQ(sp_gather(tasks, MOST, NULL), 0);
}

/* Two functions of which each waits for the other. */
typedef struct meeting {
  sp_executor *pool;
  atomic_int here;
} meeting;

static int meet(void *arg)
{
  meeting *both = arg;
  atomic_fetch_add(&both->here, 1);
  while (atomic_load(&both->here) < 2) continue;
  return 0;
}

static int meet_in_pool(void *arg)
{
  meeting *both = arg;
  return sp_run_in_executor(both->pool, meet, both);
}

BEHAVIOUR(many_functions_run_in_threads, "each of many functions runs, and several at a time")
{
  atomic_int calls = 0;
  count_in_many(&calls);
  CHECK_EQ(calls, MOST);
  meeting both = {.pool = sp_executor_new(2)};
  sp_task *tasks[2];
  for (int i = 0; i < 2; i++) tasks[i] = sp_create_task(meet_in_pool, &both);
  CHECK_EQ(sp_gather(tasks, 2, NULL), 0);
  sp_executor_free(both.pool);
}

/* --- a wait for a thread --- */

BEHAVIOUR(result_of_a_thread_reaches_the_task,
          "a task that waits for a thread goes on in its own loop, with what the thread returned")
{
  sp_executor *pool = sp_executor_new(1);
  sp_loop *loop = sp_loop_running();
  const void *here = this_thread();
  sum all = {.numbers = {5, 7}};
  CHECK_EQ(sp_run_in_executor(pool, add, &all), 12);
  CHECK(sp_loop_running() == loop);
  CHECK(this_thread() == here);
  CHECK(all.thread != here);
  sp_executor_free(pool);
}

static const char no_task[] = "cannot suspend: no task is running (sp_run, sp_create_task)";

/* `calls` must stay 0. */
static void waits_are_refused(void *calls)
{
  sp_executor *pool = sp_executor_new(1);
  CHECK_ERROR(sp_to_thread(count, calls), SP_ENOTASK, no_task);
  CHECK_ERROR(sp_run_in_executor(pool, count, calls), SP_ENOTASK, no_task);
  sp_executor_free(pool);
}

BEHAVIOUR_OUTSIDE(thread_needs_a_running_task,
                  "without a loop, or in a callback, nothing is given to a thread")
{
  atomic_int calls = 0;
  waits_are_refused(&calls);
  sp_loop *loop = new_loop();
  sp_loop_call_soon(loop, waits_are_refused, &calls);
  sp_loop_stop(loop);
  CHECK_EQ(sp_loop_run_forever(loop), 0);
  sp_loop_free(loop);
  CHECK_EQ(calls, 0);
}

/* A function that stays in its thread until it is let go. */
typedef struct hold {
  sp_executor *pool;
  atomic_bool began, may_end, ended;
} hold;

static int stay(void *arg)
{
  hold *held = arg;
  atomic_store(&held->began, true);
  while (!atomic_load(&held->may_end)) continue;
  atomic_store(&held->ended, true);
  return 42;
}

static int stay_in_pool(void *arg)
{
  hold *held = arg;
  return sp_run_in_executor(held->pool, stay, held);
}

/* In the pool's only thread. */
static sp_task *task_that_stays(hold *held)
{
  sp_task *task = sp_create_task(stay_in_pool, held);
  while (!atomic_load(&held->began)) iterate(1);
  return task;
}

static void cancel_and_await(sp_task *task)
{
  CHECK(sp_task_cancel(task, NULL));
  iterate(2);
  CHECK(sp_future_cancelled(task));
  CHECK_EQ(sp_await(task), SP_ECANCELED);
}

BEHAVIOUR(cancelled_wait_for_a_thread_ends_at_once,
          "cancelling a wait for a thread takes back what has not begun; what has runs on, alone")
{
  hold held = {.pool = sp_executor_new(1)}, waits = {.pool = held.pool};
  sp_task *running = task_that_stays(&held);
  sp_task *queued = sp_create_task(stay_in_pool, &waits);
  iterate(1);
  cancel_and_await(queued);
  cancel_and_await(running);
  CHECK(!atomic_load(&held.ended));
  atomic_store(&held.may_end, true);
  sp_executor_free(held.pool);
  CHECK(atomic_load(&held.ended));
  CHECK(!atomic_load(&waits.began));
}

BEHAVIOUR(wait_for_a_thread_can_be_cancelled_when_it_has_returned,
          "a task whose function has returned is cancelled all the same before it hears of it")
{
  hold held = {.pool = sp_executor_new(1)};
  sp_task *task = task_that_stays(&held);
  atomic_store(&held.may_end, true);
  while (!atomic_load(&held.ended)) continue;
  cancel_and_await(task);
  sp_executor_free(held.pool);
}

/* --- task-locals in a thread --- */

static sp_local word = {"word", "fallback"};

typedef struct view {
  sp_loop *loop;
  const char *seen;
  int set;
  hold *held;
  atomic_bool looked;
} view;

static int look(void *arg)
{
  view *seen = arg;
  seen->seen = sp_local_get(&word);
  return 0;
}

BEHAVIOUR(function_in_a_thread_has_the_locals_of_its_task,
          "to_thread takes the task's locals with it")
{
  view seen = {0};
  CHECK_EQ(sp_to_thread(look, &seen), 0);
  CHECK_STR(seen.seen, "fallback");
  sp_local_set(&word, "parrot");
  CHECK_EQ(sp_to_thread(look, &seen), 0);
  CHECK_STR(seen.seen, "parrot");
}

BEHAVIOUR(function_in_an_executor_has_no_locals, "run_in_executor leaves the task's locals behind")
{
  sp_executor *pool = sp_executor_new(1);
  view seen = {0};
  sp_local_set(&word, "parrot");
  CHECK_EQ(sp_run_in_executor(NULL, look, &seen), 0);
  CHECK_STR(seen.seen, "fallback");
  CHECK_EQ(sp_run_in_executor(pool, look, &seen), 0);
  CHECK_STR(seen.seen, "fallback");
  sp_executor_free(pool);
}

static int set_in_thread(void *arg)
{
  view *seen = arg;
  seen->set = sp_local_set(&word, "ring");
  return look(arg);
}

BEHAVIOUR(locals_cannot_be_set_in_a_thread, "what runs in a thread gets locals, but sets none")
{
  view seen = {0};
  sp_local_set(&word, "parrot");
  CHECK_EQ(sp_to_thread(set_in_thread, &seen), 0);
  CHECK_EQ(seen.set, SP_ENOTASK);
  CHECK_STR(seen.seen, "parrot");
  CHECK_STR(sp_local_get(&word), "parrot");
}

static int stay_and_look(void *arg)
{
  view *seen = arg;
  stay(seen->held);
  look(seen);
  atomic_store(&seen->looked, true);
  return 0;
}

/* Goes on when it is cancelled, while its function still runs. */
static int change_meanwhile(void *arg)
{
  sp_local_set(&word, "before");
  CHECK_EQ(sp_to_thread(stay_and_look, arg), SP_ECANCELED);
  sp_local_set(&word, "after");
  CHECK_STR(sp_local_get(&word), "after");
  return 0;
}

BEHAVIOUR(function_keeps_the_locals_of_the_call,
          "a function in a thread has the locals as they were when it was called")
{
  hold held = {0};
  view seen = {.held = &held};
  sp_task *task = sp_create_task(change_meanwhile, &seen);
  while (!atomic_load(&held.began)) iterate(1);
  sp_task_cancel(task, NULL);
  CHECK_EQ(sp_await(task), 0);
  atomic_store(&held.may_end, true);
  while (!atomic_load(&seen.looked)) iterate(1);
  CHECK_STR(seen.seen, "before");
}

static void look_in_callback(void *arg) { look(arg); }

typedef struct two_views {
  view callback, task;
} two_views;

static int send_two(void *arg)
{
  two_views *both = arg;
  sp_loop *loop = both->callback.loop;
  sp_loop_call_soon_threadsafe(loop, look_in_callback, &both->callback);
  sp_remote_task *task = sp_run_coroutine_threadsafe(loop, look, &both->task);
  int result = sp_remote_task_result(task, INFINITY);
  sp_remote_task_free(task);
  return result;
}

BEHAVIOUR(locals_go_through_a_thread,
          "callbacks and tasks that a thread asks for have the locals of the function that asks")
{
  two_views both = {.callback.loop = sp_loop_running()};
  sp_local_set(&word, "parrot");
  CHECK_EQ(sp_to_thread(send_two, &both), 0);
  CHECK_STR(both.callback.seen, "parrot");
  CHECK_STR(both.task.seen, "parrot");
  CHECK_EQ(sp_run_in_executor(NULL, send_two, &both), 0);
  CHECK_STR(both.callback.seen, "fallback");
  CHECK_STR(both.task.seen, "fallback");
}

/* --- a task that another thread asks for --- */

/* Three, after some time: or one of the other ends. */
typedef struct addition {
  sp_loop *loop;
  bool fails, cancels_itself;
  double limit;
  const void *thread; /* where it ran */
  int slept;          /* what the sleep returned */
  bool had_to_cancel; /* the asking thread's part */
} addition;

static int add_slowly(void *arg)
{
  addition *wanted = arg;
  wanted->thread = this_thread();
  wanted->slept = sp_sleep(0.01);
  if (wanted->slept < 0) return wanted->slept;
  if (wanted->fails) return sp_fail(FAILED, "too large");
  if (!wanted->cancels_itself) return 3;
  sp_task_cancel(sp_task_current(), NULL);
  return sp_sleep(0);
}

static int ask(void *arg)
{
  addition *wanted = arg;
  sp_remote_task *task = sp_run_coroutine_threadsafe(wanted->loop, add_slowly, wanted);
  int result = sp_remote_task_result(task, wanted->limit);
  wanted->had_to_cancel = !sp_remote_task_done(task) && sp_remote_task_cancel(task);
  sp_remote_task_free(task);
  return result;
}

static int get_sum(void *loop)
{
  addition wanted = {.loop = loop, .limit = INFINITY};
  CHECK_EQ(sp_run_in_executor(NULL, ask, &wanted), 3);
  CHECK(wanted.thread == this_thread());
  CHECK(!wanted.had_to_cancel);
  return 0;
}

BEHAVIOUR_OUTSIDE(thread_can_run_a_task_on_the_loop,
                  "a thread has a function run as a task of the loop, and gets its result")
{
  on_real_loop(get_sum);
}

static int get_error(void *loop)
{
  addition wanted = {.loop = loop, .limit = INFINITY, .fails = true};
  CHECK_ERROR(sp_run_in_executor(NULL, ask, &wanted), FAILED, "too large");
  CHECK(!wanted.had_to_cancel);
  return 0;
}

BEHAVIOUR_OUTSIDE(error_of_a_task_reaches_the_thread,
                  "a thread gets the error of its task, with the message")
{
  on_real_loop(get_error);
}

static int get_no_result(void *loop)
{
  addition wanted = {.loop = loop, .limit = 0};
  CHECK_EQ(sp_run_in_executor(NULL, ask, &wanted), SP_ETIMEDOUT);
  CHECK(wanted.had_to_cancel);
  iterate(2);
  CHECK_EQ(sp_all_tasks(loop, NULL, 0), 1);
  CHECK_EQ(wanted.slept, SP_ECANCELED);
  return 0;
}

BEHAVIOUR_OUTSIDE(thread_may_wait_for_a_limited_time,
                  "a thread waits no longer than it wants, and can cancel the task then")
{
  on_real_loop(get_no_result);
}

static int get_cancellation(void *loop)
{
  addition wanted = {.loop = loop, .limit = INFINITY, .cancels_itself = true};
  CHECK_EQ(sp_run_in_executor(NULL, ask, &wanted), SP_ECANCELED);
  CHECK_EQ(wanted.slept, 0);
  CHECK(!wanted.had_to_cancel);
  CHECK_EQ(sp_task_cancelling(sp_task_current()), 0);
  return 0;
}

BEHAVIOUR_OUTSIDE(cancellation_of_a_task_reaches_the_thread,
                  "a thread learns that its task was cancelled")
{
  on_real_loop(get_cancellation);
}

static sp_task *make_none(sp_loop *loop, sp_coroutine *fn, void *arg,
                          const sp_task_options *options, const char *fn_name, const char *where,
                          void *factory_arg)
{
  (void)loop, (void)fn, (void)arg, (void)options, (void)fn_name, (void)where;
  sp_fail(FAILED, "no tasks %s", (const char *)factory_arg);
  return NULL;
}

BEHAVIOUR(thread_learns_that_no_task_was_made,
          "the factory's error reaches the thread that asked, and the loop's handler")
{
  sp_loop *loop = sp_loop_running();
  addition wanted = {.loop = loop, .limit = INFINITY};
  sp_loop_set_task_factory(loop, make_none, "today");
  CHECK_ERROR(sp_run_in_executor(NULL, ask, &wanted), FAILED, "no tasks today");
  sp_loop_set_task_factory(loop, NULL, NULL);
  CHECK(!wanted.had_to_cancel);
  const kept_report *report = REPORTED("cannot create a task for another thread");
  CHECK_EQ(report->code, FAILED);
  CHECK_STR(report->error_message, "no tasks today");
}

static sp_task *make_and_keep(sp_loop *loop, sp_coroutine *fn, void *arg,
                              const sp_task_options *options, const char *fn_name,
                              const char *where, void *kept)
{
  sp_task *made = sp_loop_create_task_from(loop, fn, arg, options, fn_name, where);
  *(sp_task **)kept = sp_task_ref(made);
  return made;
}

static int sleep_long(void *arg)
{
  (void)arg;
  return sp_sleep(10);
}

BEHAVIOUR(task_can_be_cancelled_from_outside,
          "cancelling what a thread has of a task ends that at once, and cancels the task")
{
  sp_loop *loop = sp_loop_running();
  sp_task *task = NULL;
  sp_loop_set_task_factory(loop, make_and_keep, &task);
  sp_remote_task *remote = sp_run_coroutine_threadsafe(loop, sleep_long, NULL);
  iterate(1);
  CHECK(sp_remote_task_cancel(remote));
  CHECK(sp_remote_task_done(remote));
  CHECK_EQ(sp_remote_task_result(remote, 0), SP_ECANCELED);
  iterate(1);
  CHECK(!sp_future_done(task));
  iterate(1);
  CHECK(sp_future_cancelled(task));
  CHECK_EQ(sp_await(task), SP_ECANCELED);
  CHECK_TIME(loop_time(), 0);
  sp_remote_task_free(remote);
  sp_loop_set_task_factory(loop, NULL, NULL);
}

/* --- a call that is not for other threads --- */

typedef struct calls {
  sp_loop *loop;
  sp_executor *pool;
  bool with_own_loop;
  int made, refused;
  char message[128];
  atomic_bool done;
} calls;

static void count_call(calls *all, sp_handle handle)
{
  if (handle.call) {
    all->made++;
  } else {
    all->refused++;
    strncpy(all->message, sp_error_message(), sizeof all->message - 1);
  }
}

static int call_from_thread(void *arg)
{
  calls *all = arg;
  sp_loop *own = all->with_own_loop ? sp_loop_new(NULL) : NULL;
  count_call(all, sp_loop_call_soon(all->loop, nothing, NULL));
  count_call(all, sp_loop_call_later(all->loop, 60, nothing, NULL));
  count_call(all, sp_loop_call_at(all->loop, sp_loop_time(all->loop) + 60, nothing, NULL));
  sp_loop_free(own);
  atomic_store(&all->done, true);
  return 0;
}

static int call_in_pool(void *arg)
{
  const calls *all = arg;
  return sp_run_in_executor(all->pool, call_from_thread, arg);
}

/* The loop stands still meanwhile, as a call that is not noticed is a race; the thread is there
 * before. */
static void call_from_another_thread(calls *all)
{
  atomic_int started = 0;
  all->loop = sp_loop_running();
  all->pool = sp_executor_new(1);
  CHECK_EQ(sp_run_in_executor(all->pool, count, &started), 0);
  sp_task *task = sp_create_task(call_in_pool, all);
  iterate(1);
  while (!atomic_load(&all->done)) continue;
  CHECK_EQ(sp_await(task), 0);
  sp_executor_free(all->pool);
}

static void calls_are_refused_in_debug_mode(bool with_own_loop)
{
  static const char why[] =
      "Non-thread-safe operation invoked on an event loop other than the current one";
  calls watched = {.with_own_loop = with_own_loop}, unwatched = {.with_own_loop = with_own_loop};
  sp_loop_set_debug(sp_loop_running(), true);
  sp_loop_set_slow_callback_duration(sp_loop_running(), 60);
  call_from_another_thread(&watched);
  CHECK_EQ(watched.made, 0);
  CHECK_EQ(watched.refused, 3);
  CHECK_STR(watched.message, why);
  sp_loop_set_debug(sp_loop_running(), false);
  call_from_another_thread(&unwatched);
  CHECK_EQ(unwatched.made, 3);
}

BEHAVIOUR(call_from_another_thread_is_refused_in_debug_mode,
          "only debug mode notices a call from a thread that does not run the loop")
{
  calls_are_refused_in_debug_mode(false);
  calls_are_refused_in_debug_mode(true);
}
