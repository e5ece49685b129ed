/* The tree of tasks through the waits for many, and circles, which the tree does not follow. */
#include <math.h>
#include <stdio.h>

#include "spindle.h"

static double nine = 9;

static int sleeps(void *seconds) { return sp_sleep(*(double *)seconds); }

static sp_task *named(const char *name, sp_coroutine *fn, void *arg)
{
  sp_task_options options = {.name = name};
  return sp_create_task_from(fn, arg, &options, name, SP_HERE);
}

static int limited(void *task) { return sp_wait_for((sp_task *)task, 20); }

static int shielded(void *task) { return sp_shield((sp_task *)task); }

static int waits(void *arg)
{
  sp_future *future = sp_future_new();
  sp_future *futures[] = {named("waited", sleeps, &nine), future, arg};
  int done = sp_wait(futures, 3, INFINITY, SP_ALL_COMPLETED);
  sp_future_free(future);
  printf("waits: %s\n", sp_strerror(done));
  return done;
}

static int groups(void *arg)
{
  (void)arg;
  sp_task_group group;
  if (sp_task_group_open(&group) < 0) return SP_ENOMEM;
  sp_task_group_spawn(&group, sleeps, &nine);
  sp_task_group_spawn(&group, sleeps, &nine);
  return sp_task_group_close(&group, 0);
}

static int gathers(void *arg)
{
  (void)arg;
  sp_task *sleeper = named("sleeper", sleeps, &nine);
  sp_task *parts[] = {named("limited", limited, sleeper), named("shielded", shielded, sleeper),
                      named("waits", waits, sp_task_current()), named("groups", groups, NULL)};
  return sp_gather(parts, 4, NULL);
}

static int watches(void *task)
{
  sp_sleep(2.5);
  sp_print_tasks(sp_loop_running());
  printf("--\n");
  sp_print_call_graph((sp_task *)task);
  return 0;
}

static int run(void *arg)
{
  (void)arg;
  sp_task *all = named("gathers", gathers, NULL);
  sp_await(named("watches", watches, all));
  sp_task_cancel(all, NULL);
  int result = sp_await(all);
  printf("%s\n", sp_strerror(result));
  return 0;
}

int main(void)
{
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.virtual_clock = true});
  int result = sp_loop_run(loop, run, NULL);
  sp_loop_free(loop);
  return result;
}
