/* Behaviours of tasks that begin at once, of factories that make tasks, and of task-locals. */
#include "behaviours.h"

/* --- a factory of eager tasks: only who gives options of its own decides itself --- */

static sp_task *make_eager(sp_loop *loop, sp_coroutine *fn, void *arg,
                           const sp_task_options *options, const char *fn_name, const char *where,
                           void *factory_arg)
{
  static const sp_task_options eager = {.eager_start = true};
  int *made = factory_arg;
  if (made) ++*made;
  return sp_loop_create_task_from(loop, fn, arg, options ? options : &eager, fn_name, where);
}

static void make_all_eager(void) { sp_loop_set_task_factory(sp_loop_running(), make_eager, NULL); }

static bool is_listed(const sp_task *task)
{
  sp_task *tasks[8];
  size_t count = sp_all_tasks(sp_loop_running(), tasks, 8);
  for (size_t i = 0; i < count && i < 8; i++) {
    if (tasks[i] == task) return true;
  }
  return false;
}

/* --- what a task does before its creator goes on --- */

static int note_step(void *arg)
{
  (void)arg;
  note("step");
  return 0;
}

BEHAVIOUR(factory_can_make_every_task_eager,
          "every task is made by the factory, until it is taken back")
{
  int made = 0;
  sp_loop_set_task_factory(sp_loop_running(), make_eager, &made);
  sp_task *eager = sp_create_task(note_step, NULL);
  CHECK_EQ(made, 1);
  SAW("step");
  CHECK_EQ(sp_await(eager), 0);
  sp_loop_set_task_factory(sp_loop_running(), NULL, NULL);
  sp_task *plain = sp_create_task(note_step, NULL);
  CHECK_EQ(made, 1);
  SAW("");
  CHECK_EQ(sp_await(plain), 0);
  SAW("step");
}

static int fulfil(void *future) { return sp_future_set_result((sp_future *)future, 7); }

BEHAVIOUR(eager_task_can_fulfil_what_is_awaited_next,
          "what an eager task fulfils in its first step is not waited for")
{
  make_all_eager();
  sp_future *future = sp_future_new();
  sp_task *task = sp_create_task(fulfil, future);
  CHECK(sp_future_done(task));
  CHECK_EQ(sp_await(future), 7);
  CHECK_EQ(sp_await(task), 0);
  sp_future_free(future);
}

BEHAVIOUR(eager_task_may_be_done_at_once, "an eager task that never suspends is done when created")
{
  make_all_eager();
  sp_task *task = task_returning(5);
  CHECK(sp_future_done(task));
  CHECK_EQ(sp_await(task), 5);
  CHECK_ERROR(sp_await(task_failing(SP_EINVAL, "at once")), SP_EINVAL, "at once");
}

BEHAVIOUR(eager_task_that_suspends_goes_on_later, "an eager task that suspends ends like any other")
{
  make_all_eager();
  sp_task *task = sp_task_ref(task_sleeping(0.1, 5));
  CHECK(!sp_future_done(task));
  CHECK_EQ(sp_await(task), 5);
  CHECK(sp_future_done(task));
  CHECK_TIME(loop_time(), 0.1);
  sp_task_detach(task);
}

BEHAVIOUR(eager_task_that_is_done_is_not_cancelled,
          "an eager task that is done cannot be cancelled")
{
  make_all_eager();
  sp_task *task = sp_task_ref(task_returning(5));
  CHECK(!sp_task_cancel(task, NULL));
  CHECK_EQ(sp_await(task), 5);
  CHECK(!sp_future_cancelled(task));
  sp_task_detach(task);
}

BEHAVIOUR(eager_task_that_suspended_is_cancelled,
          "an eager task that suspended is cancelled, with the message")
{
  make_all_eager();
  sp_task *task = task_sleeping(0.1, 5);
  CHECK(sp_task_cancel(task, "cancellation message"));
  CHECK(sp_task_cancelling(task) > 0);
  CHECK_ERROR(sp_await(task), SP_ECANCELED, "cancellation message");
  CHECK_TIME(loop_time(), 0);
}

static int remember_itself(void *task)
{
  sp_task **self = task;
  *self = sp_task_current();
  int error = sp_sleep(0.1);
  CHECK(sp_task_current() == *self);
  return error;
}

BEHAVIOUR(eager_task_is_the_current_one,
          "an eager task is the current one in all its steps, and its creator between them")
{
  make_all_eager();
  sp_task *creator = sp_task_current(), *remembered = NULL;
  sp_task *task = sp_create_task(remember_itself, &remembered);
  CHECK(remembered == task);
  CHECK(sp_task_current() == creator);
  CHECK_EQ(sp_await(task), 0);
}

static int check_listed(void *arg)
{
  (void)arg;
  note(is_listed(sp_task_current()) ? "listed" : "not listed");
  return 0;
}

BEHAVIOUR(eager_task_is_listed_while_it_runs, "an eager task is among all tasks until it is done")
{
  make_all_eager();
  sp_task *task = sp_create_task(check_listed, NULL);
  SAW("listed");
  CHECK(!is_listed(task));
  CHECK_EQ(sp_await(task), 0);
}

typedef struct pair {
  sp_future *first, *second;
} pair;

static int wait_and_fulfil(void *arg)
{
  const pair *futures = arg;
  check_listed(NULL);
  int result = sp_await(futures->first);
  return result < 0 ? result : sp_future_set_result(futures->second, 0);
}

BEHAVIOUR(eager_task_that_suspended_is_listed,
          "an eager task that suspended is among all tasks until it is done")
{
  make_all_eager();
  pair futures = {sp_future_new(), sp_future_new()};
  sp_task *task = sp_create_task(wait_and_fulfil, &futures);
  SAW("listed");
  CHECK(is_listed(task));
  CHECK_EQ(sp_future_set_result(futures.first, 0), 0);
  CHECK_EQ(sp_await(futures.second), 0);
  CHECK(!is_listed(task));
  CHECK_EQ(sp_await(task), 0);
  sp_future_free(futures.first);
  sp_future_free(futures.second);
}

static int remember_name(void *name)
{
  *(const char **)name = sp_task_name(sp_task_current());
  return 0;
}

BEHAVIOUR(task_that_is_not_eager_begins_later,
          "where all tasks are eager one can be made that begins in the next iteration")
{
  make_all_eager();
  const char *name = NULL;
  sp_task_options options = {.name = "example"};
  sp_task *task = sp_task_ref(sp_create_task_with(remember_name, &name, &options));
  CHECK(!sp_future_done(task));
  CHECK(!name);
  CHECK_EQ(sp_await(task), 0);
  CHECK_STR(name, "example");
  sp_task_detach(task);
}

BEHAVIOUR(eager_task_has_its_name,
          "a single task can be eager, and has its name from the beginning")
{
  const char *name = NULL;
  sp_task_options options = {.name = "example", .eager_start = true};
  sp_task *task = sp_create_task_with(remember_name, &name, &options);
  CHECK(sp_future_done(task));
  CHECK_STR(name, "example");
  CHECK_STR(sp_task_name(task), "example");
  CHECK_EQ(sp_await(task), 0);
}

/* --- task-locals --- */

static int numbers[] = {0, 1, 2, 3};
static sp_local number = {"number", &numbers[0]};

static int local_number(void) { return *(int *)sp_local_get(&number); }

static void set_local_number(int to) { CHECK_EQ(sp_local_set(&number, &numbers[to]), 0); }

static int set_in_each_step(void *arg)
{
  (void)arg;
  CHECK_EQ(local_number(), 1);
  set_local_number(2);
  CHECK_EQ(local_number(), 2);
  note("first");
  int error = sp_sleep(0.1);
  CHECK_EQ(local_number(), 2);
  set_local_number(3);
  CHECK_EQ(local_number(), 3);
  note("second");
  return error;
}

BEHAVIOUR(eager_task_has_locals_of_its_own,
          "what an eager task sets stays with it, and its creator keeps what it had")
{
  make_all_eager();
  CHECK_EQ(local_number(), 0);
  set_local_number(1);
  sp_task *task = sp_create_task(set_in_each_step, NULL);
  SAW("first");
  CHECK_EQ(local_number(), 1);
  CHECK_EQ(sp_await(task), 0);
  SAW("second");
  CHECK_EQ(local_number(), 1);
}

/* A task that computes with a precision that it has set, before and after a sleep. */
typedef struct sum {
  double seconds;
  int precision;
} sum;

static int compute(void *arg)
{
  const sum *self = arg;
  set_local_number(self->precision);
  note("%.*f", local_number(), 1.0 / 3);
  int error = sp_sleep(self->seconds);
  note("%.*f", local_number(), 1.0 / 9);
  return error;
}

BEHAVIOUR(locals_of_two_tasks_do_not_mix, "what two tasks set for themselves outlasts their sleeps")
{
  sum sums[] = {{0.1, 1}, {0.2, 3}};
  sp_task *tasks[2];
  for (int i = 0; i < 2; i++) tasks[i] = sp_create_task(compute, &sums[i]);
  CHECK_EQ(sp_gather(tasks, 2, NULL), 0);
  SAW("0.3 0.333 0.1 0.111");
  CHECK_EQ(local_number(), 0);
}

/* --- how many tasks are made, of which kind --- */

enum { WIDTH = 5, DEPTH = 4, TASKS = 1 + 5 + 25 + 125 + 625, SMALL_STACK = 32768 };

typedef struct counter {
  bool eager;
  int made, not_eager;
} counter;

static sp_task *make_and_count(sp_loop *loop, sp_coroutine *fn, void *arg,
                               const sp_task_options *options, const char *fn_name,
                               const char *where, void *factory_arg)
{
  counter *tasks = factory_arg;
  sp_task_options changed = options ? *options : (sp_task_options){0};
  if (tasks->eager) changed.eager_start = true;
  changed.stack_size = SMALL_STACK;
  tasks->made++;
  if (!changed.eager_start) tasks->not_eager++;
  return sp_loop_create_task_from(loop, fn, arg, &changed, fn_name, where);
}

static int levels[] = {0, 1, 2, 3, 4};

static int await_chain(int depth) { return depth == 0 ? 0 : 1 + await_chain(depth - 1); }

static int await_a_hundred(void *arg)
{
  (void)arg;
  return await_chain(100);
}

static int nest_groups(void *level)
{
  int *depth = level;
  if (*depth == 0) return 0;
  sp_task_group group;
  int result = sp_task_group_open(&group);
  if (result < 0) return result;
  for (int i = 0; i < WIDTH && result >= 0; i++) {
    result = sp_task_group_spawn(&group, nest_groups, depth - 1);
  }
  return sp_task_group_close(&group, result);
}

static int nest_gathers(void *level)
{
  int *depth = level;
  if (*depth == 0) return 0;
  sp_task *tasks[WIDTH];
  for (int i = 0; i < WIDTH; i++) tasks[i] = sp_create_task(nest_gathers, depth - 1);
  return sp_gather(tasks, WIDTH, NULL);
}

static void check_count(sp_coroutine *fn, bool eager, int result, int made)
{
  counter tasks = {.eager = eager};
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.virtual_clock = true});
  sp_loop_set_task_factory(loop, make_and_count, &tasks);
  sp_task *task = sp_loop_create_task(loop, fn, &levels[DEPTH]);
  CHECK_EQ(sp_loop_run_until_complete(loop, task), result);
  sp_task_detach(task);
  CHECK_EQ(tasks.made, made);
  CHECK_EQ(tasks.not_eager, eager ? 0 : made);
  CHECK_EQ(sp_loop_free(loop), 0);
}

BEHAVIOUR_OUTSIDE(awaiting_makes_no_tasks,
                  "functions that call each other are one task, eager or not")
{
  check_count(await_a_hundred, false, 100, 1);
  check_count(await_a_hundred, true, 100, 1);
}

BEHAVIOUR_OUTSIDE(groups_in_groups_make_a_task_each,
                  "the factory makes every task of nested groups")
{
  check_count(nest_groups, false, 0, TASKS);
  check_count(nest_groups, true, 0, TASKS);
}

BEHAVIOUR_OUTSIDE(gathers_in_gathers_make_a_task_each,
                  "the factory makes every task of nested gathers")
{
  check_count(nest_gathers, false, 0, TASKS);
  check_count(nest_gathers, true, 0, TASKS);
}
