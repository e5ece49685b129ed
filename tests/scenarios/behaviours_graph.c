/* Behaviours of call graphs: what a task runs, who waits for it, and through which wait. */
#include <stdio.h>
#include <string.h>

#include "behaviours.h"

enum { GRAPH_ROOM = 2048 };

/* A call graph without its places and times, " at FILE:LINE for 0.000 s"; one that a task drew of
 * itself is kept here for who looks at it later. */
static char kept[GRAPH_ROOM];

static const char *graph_of(const sp_future *future)
{
  static char text[GRAPH_ROOM];
  CHECK(sp_format_call_graph(future, text, sizeof text) < sizeof text);
  char *from = text, *to = kept;
  for (char *at; (at = strstr(from, " at ")); from = strstr(at, " s") + 2) {
    memcpy(to, from, (size_t)(at - from));
    to += at - from;
  }
  strcpy(to, from);
  return kept;
}

static int draw_itself(void *arg)
{
  (void)arg;
  int error = sp_sleep(0);
  graph_of(NULL);
  return error;
}

/* --- tasks with names --- */

static sp_task_options named(const char *name) { return (sp_task_options){.name = name}; }

static int await_it(void *future) { return sp_await((sp_future *)future); }

/* --- who waits, and in what --- */

BEHAVIOUR(
    graph_goes_up_through_a_group,
    "the graph of a task in a group shows who awaits it, and the closing group above them all")
{
  sp_task_options inner = named("inner"), first = named("first"), second = named("second");
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  sp_task *task =
      sp_task_group_create_task_from(&group, draw_itself, NULL, &inner, "draw_itself", SP_HERE);
  CHECK_EQ(sp_task_group_spawn_from(&group, await_it, task, &first, "await_it", SP_HERE), 0);
  CHECK_EQ(sp_task_group_spawn_from(&group, await_it, task, &second, "await_it", SP_HERE), 0);
  CHECK_EQ(sp_task_group_close(&group, 0), 0);
  CHECK_STR(kept,
            "inner: draw_itself() runs\n"
            "  awaited by Task-1: run_inside() waits in sp_task_group_close\n"
            "  awaited by first: await_it() waits in sp_await\n"
            "    awaited by Task-1: run_inside() waits in sp_task_group_close (see above)\n"
            "  awaited by second: await_it() waits in sp_await\n"
            "    awaited by Task-1: run_inside() waits in sp_task_group_close (see above)\n");
}

static int yield_twice(sp_generator *self, void *arg)
{
  static int numbers[] = {0, 1};
  (void)arg;
  for (int i = 0; i < 2; i++) {
    int error = sp_yield(self, &numbers[i]);
    if (error < 0) return error;
  }
  return draw_itself(NULL);
}

BEHAVIOUR(graph_goes_through_a_generator, "the graph of a task names the producer that it is in")
{
  sp_generator *generator = sp_generator_new(yield_twice, NULL);
  void *value;
  CHECK_EQ(sp_generator_next(generator, &value), 1);
  CHECK_STR(graph_of(NULL), "Task-1: run_inside() runs\n");
  CHECK_EQ(sp_generator_next(generator, &value), 1);
  CHECK_EQ(sp_generator_next(generator, &value), 0);
  CHECK_STR(kept, "Task-1: run_inside() > yield_twice() runs\n");
  sp_generator_free(generator);
}

static int clean_up_slowly(void *until)
{
  int result = sp_sleep(INFINITY);
  int error = sp_await((sp_future *)until);
  return error < 0 ? error : result;
}

static int wait_no_time(void *task) { return sp_wait_for((sp_task *)task, 0); }

BEHAVIOUR(graph_goes_up_through_wait_for,
          "who waits for a task that stops, after a wait without time, is shown")
{
  sp_task_options probe = named("probe");
  sp_future *until = sp_future_new();
  sp_task *task = sp_task_ref(sp_create_task(clean_up_slowly, until));
  sp_task *waits = sp_create_task_with(wait_no_time, task, &probe);
  iterate(5);
  CHECK_STR(graph_of(task),
            "Task-2: clean_up_slowly() waits in sp_await, cancelling\n"
            "  awaited by probe: wait_no_time() waits in sp_wait_for\n");
  CHECK_EQ(sp_future_set_result(until, 0), 0);
  CHECK_EQ(sp_await(waits), SP_ETIMEDOUT);
  CHECK_EQ(sp_await(task), SP_ECANCELED);
  sp_future_free(until);
}

static int draw_itself_later(void *arg)
{
  int error = sp_sleep(0);
  return error < 0 ? error : draw_itself(arg);
}

BEHAVIOUR(graph_goes_up_through_gather, "who gathers a task is shown")
{
  sp_task *tasks[] = {sp_create_task(draw_itself_later, NULL), task_returning(0)};
  CHECK_EQ(sp_gather(tasks, 2, NULL), 0);
  CHECK_STR(kept,
            "Task-2: draw_itself_later() runs\n"
            "  awaited by Task-1: run_inside() waits in sp_gather\n");
}

BEHAVIOUR(gather_that_failed_waits_for_nobody,
          "a task that outlives a gather is not shown as awaited")
{
  sp_task *survivor = sp_task_ref(task_waiting());
  sp_task *tasks[] = {survivor, task_failing(SP_EINVAL, "no")};
  CHECK_EQ(sp_gather(tasks, 2, NULL), SP_EINVAL);
  CHECK_STR(graph_of(survivor), "Task-2: follow() waits in sp_sleep\n");
  CHECK(sp_task_cancel(survivor, NULL));
  CHECK_EQ(sp_await(survivor), SP_ECANCELED);
}

BEHAVIOUR(graph_goes_up_through_shield, "who shields a task is shown")
{
  sp_task *task = sp_create_task(draw_itself_later, NULL);
  CHECK_EQ(sp_shield(task), 0);
  CHECK_STR(kept,
            "Task-2: draw_itself_later() runs\n"
            "  awaited by Task-1: run_inside() waits in sp_shield\n");
  CHECK_EQ(sp_await(task), 0);
}

static int draw_itself_in_time(void *arg)
{
  sp_timeout limit;
  int result = sp_timeout_open(&limit, 1);
  if (result < 0) return result;
  return sp_timeout_close(&limit, draw_itself_later(arg));
}

BEHAVIOUR(graph_goes_through_a_timeout, "a limit of time does not hide who waits for the task")
{
  sp_task *task = sp_create_task(draw_itself_in_time, NULL);
  CHECK_EQ(sp_shield(task), 0);
  CHECK_STR(kept,
            "Task-2: draw_itself_in_time() runs\n"
            "  awaited by Task-1: run_inside() waits in sp_shield\n");
  CHECK_EQ(sp_await(task), 0);
}

static int iterate_three_times(void *arg)
{
  (void)arg;
  iterate(3);
  return 0;
}

BEHAVIOUR(graph_goes_up_through_wait, "who waits for several tasks is shown above each")
{
  sp_task *tasks[] = {sp_create_task(draw_itself_in_time, NULL),
                      sp_create_task(iterate_three_times, NULL)};
  CHECK_EQ(sp_wait(tasks, 2, INFINITY, SP_ALL_COMPLETED), 2);
  CHECK_STR(kept,
            "Task-2: draw_itself_in_time() runs\n"
            "  awaited by Task-1: run_inside() waits in sp_wait\n");
  CHECK_EQ(sp_gather(tasks, 2, NULL), 0);
}

BEHAVIOUR(graph_goes_up_through_as_completed, "who takes tasks as they are completed is shown")
{
  sp_task *task = sp_create_task(draw_itself, NULL), *done;
  sp_as_completed each;
  CHECK_EQ(sp_as_completed_open(&each, &task, 1, INFINITY), 0);
  CHECK_EQ(sp_as_completed_next(&each, &done), 1);
  sp_as_completed_close(&each);
  CHECK_STR(kept,
            "Task-2: draw_itself() runs\n"
            "  awaited by Task-1: run_inside() waits in sp_as_completed_next\n");
  CHECK_STR(graph_of(task), "Task-2: draw_itself() is done\n");
  CHECK_EQ(sp_await(task), 0);
}

static int draw_itself_and_sleep(void *arg)
{
  (void)arg;
  graph_of(NULL);
  return sp_sleep(3600);
}

BEHAVIOUR(as_completed_that_timed_out_is_not_shown,
          "who took tasks as they are completed is not shown when its time is over")
{
  sp_task *task = sp_create_task(draw_itself_and_sleep, NULL), *done;
  sp_as_completed each;
  CHECK_EQ(sp_as_completed_open(&each, &task, 1, 0.01), 0);
  CHECK_EQ(sp_as_completed_next(&each, &done), SP_ETIMEDOUT);
  sp_as_completed_close(&each);
  CHECK_STR(kept,
            "Task-2: draw_itself_and_sleep() runs\n"
            "  awaited by Task-1: run_inside() waits in sp_as_completed_next\n");
  CHECK_STR(graph_of(task), "Task-2: draw_itself_and_sleep() waits in sp_sleep\n");
  CHECK(sp_task_cancel(task, NULL));
  CHECK_EQ(sp_await(task), SP_ECANCELED);
}

BEHAVIOUR(graph_goes_up_through_an_await, "who awaits a task is shown, and who awaits that one")
{
  sp_task_options there = named("there there"), middle = named("middle");
  sp_task *task = sp_create_task_with(draw_itself_later, NULL, &there);
  CHECK_EQ(sp_await(sp_create_task_with(await_it, task, &middle)), 0);
  CHECK_STR(kept,
            "there there: draw_itself_later() runs\n"
            "  awaited by middle: await_it() waits in sp_await\n"
            "    awaited by Task-1: run_inside() waits in sp_await\n");
}

static int draw_and_fulfil(void *future)
{
  iterate(5);
  graph_of((sp_future *)future);
  return sp_future_set_result((sp_future *)future, 0);
}

BEHAVIOUR(graph_of_a_future_shows_who_awaits_it, "a future is awaited by every task that awaits it")
{
  sp_task_options first = named("task A"), second = named("task B");
  sp_future *future = sp_future_new();
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_task_group_spawn_from(&group, await_it, future, &first, "await_it", SP_HERE), 0);
  CHECK_EQ(sp_task_group_spawn_from(&group, await_it, future, &second, "await_it", SP_HERE), 0);
  CHECK_EQ(sp_task_group_spawn(&group, draw_and_fulfil, future), 0);
  CHECK_EQ(sp_task_group_close(&group, 0), 0);
  CHECK_STR(kept,
            "<Future pending>\n"
            "  awaited by task A: await_it() waits in sp_await\n"
            "    awaited by Task-1: run_inside() waits in sp_task_group_close\n"
            "  awaited by task B: await_it() waits in sp_await\n"
            "    awaited by Task-1: run_inside() waits in sp_task_group_close (see above)\n");
  sp_future_free(future);
}

static int wait_for_event(void *event) { return sp_event_wait((sp_event *)event); }

static int fail(void *arg)
{
  (void)arg;
  return sp_fail(SP_EINVAL, "no");
}

BEHAVIOUR(graph_of_a_task_that_is_done_has_no_stack,
          "a task that is done has its name in the graph, and waits nowhere")
{
  static const char *const graphs[] = {"done: iterate_three_times() is done\n",
                                       "failed: fail() is done\n",
                                       "cancelled: wait_for_event() is done\n"};
  sp_task_options done = named("done"), failed = named("failed"), cancelled = named("cancelled");
  sp_event event = {0};
  sp_task *tasks[] = {sp_create_task_with(iterate_three_times, NULL, &done),
                      sp_create_task_with(fail, NULL, &failed),
                      sp_create_task_with(wait_for_event, &event, &cancelled)};
  CHECK(sp_task_cancel(tasks[2], NULL));
  for (int i = 0; i < 3; i++) sp_task_ref(tasks[i]);
  CHECK_EQ(sp_gather_all(tasks, 3, NULL), 0);
  for (int i = 0; i < 3; i++) {
    CHECK_STR(graph_of(tasks[i]), graphs[i]);
    sp_task_detach(tasks[i]);
  }
}
