/* Task-locals: a task or a callback has what was set where it was made, at that moment, and what it
 * sets itself is its own. */
#include <stdio.h>

#include "spindle.h"

static const sp_local word = {"word", "nothing"};
static const sp_local other = {"other", "no other"};

static void show(const char *who)
{
  printf("%s: %s, %s\n", who, (char *)sp_local_get(&word), (char *)sp_local_get(&other));
}

static void set(const char *value) { sp_local_set(&word, (void *)value); }

static int child(void *name)
{
  show(name);
  set("the child's");
  sp_sleep(0);
  show(name);
  return 0;
}

static void sets_its_own(void *arg)
{
  show(arg);
  set("the callback's");
  show(arg);
}

static void schedules(void *arg)
{
  set("set in a callback");
  sp_loop_call_soon(sp_loop_running(), sets_its_own, "called from a callback");
  sp_task_detach(sp_create_task(child, "task from a callback"));
  set("set later");
  show(arg);
}

static void when_done(sp_future *future, void *arg)
{
  (void)future;
  show(arg);
  set("the done-callback's");
}

static void in_tasks(void)
{
  set("one");
  sp_task *first = sp_create_task(child, "first");
  set("two");
  sp_task *second = sp_create_task(child, "second");
  set("three");
  sp_await(first);
  sp_await(second);
  show("creator");
}

static void in_callbacks(void)
{
  sp_loop *loop = sp_loop_running();
  set("soon");
  sp_loop_call_soon(loop, sets_its_own, "call_soon");
  sp_loop_call_soon(loop, schedules, "schedules");
  for (int i = 0; i < 3; i++) sp_sleep(0); /* until all of that has run */
  set("later");
  sp_loop_call_later(loop, 0.01, sets_its_own, "call_later");
  set("meanwhile");
  sp_sleep(0.02);
  show("scheduler");
}

static void in_done_callbacks(void)
{
  sp_future *future = sp_future_new();
  set("added first");
  sp_future_add_done_callback(future, when_done, "first callback");
  set("added second");
  sp_future_add_done_callback(future, when_done, "second callback");
  set("when it is done");
  sp_future_set_result(future, 0);
  sp_sleep(0);
  sp_future_free(future);
}

static int one_more(sp_generator *self, void *arg)
{
  show("producer");
  set("the producer's");
  return sp_yield(self, arg);
}

static void in_generators(void)
{
  void *value;
  sp_generator *generator = sp_generator_new(one_more, NULL);
  set("whoever asks");
  sp_generator_next(generator, &value);
  show("asker");
  sp_generator_next(generator, &value);
  sp_generator_free(generator);
}

static void several_variables(void)
{
  sp_local_set(&other, "another");
  sp_task *task = sp_create_task(child, "inherits both");
  set("again");
  sp_local_set(&other, "again");
  sp_await(task);
  show("both");
}

static int run(void *arg)
{
  (void)arg;
  show("main");
  in_tasks();
  in_callbacks();
  in_done_callbacks();
  in_generators();
  several_variables();
  return 0;
}

int main(void) { return sp_run(run, NULL); }
