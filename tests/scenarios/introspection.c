/* What the tasks of a loop are doing: who waits for whom, where, and for how long. */
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

static int sleeps(void *seconds) { return sp_sleep(*(double *)seconds); }

static int joins(void *task) { return sp_await((sp_task *)task); }

static int counts(sp_generator *self, void *seconds)
{
  int error = sp_sleep(*(double *)seconds);
  return error < 0 ? error : sp_yield(self, seconds);
}

static int passes_on(sp_generator *self, void *inner)
{
  void *value;
  int more = sp_generator_next((sp_generator *)inner, &value);
  return more > 0 ? sp_yield(self, value) : more;
}

static int reads(void *generator)
{
  void *value;
  int more = sp_generator_next((sp_generator *)generator, &value);
  return more < 0 ? more : 0;
}

static sp_task *named(const char *name, sp_coroutine *fn, void *arg)
{
  sp_task_options options = {.name = name};
  return sp_create_task_from(fn, arg, &options, fn == joins ? "joins" : "sleeps", SP_HERE);
}

static void list_all(void)
{
  sp_task *tasks[3];
  size_t count = sp_all_tasks(sp_loop_running(), tasks, 3);
  printf("%zu tasks:", count);
  for (size_t i = 0; i < 3 && i < count; i++) {
    printf(" %s %s", sp_task_name(tasks[i]), sp_task_coro_name(tasks[i]));
  }
  printf("\n");
}

static void cut(void)
{
  char text[16];
  size_t length = sp_format_tasks(sp_loop_running(), text, sizeof text);
  char *all = malloc(length + 1);
  printf("%zu again: %d\n", length, sp_format_tasks(sp_loop_running(), all, length + 1) == length);
  printf("cut: '%s'\n", text);
  printf("a call graph: %zu\n", sp_format_call_graph(NULL, text, sizeof text));
  printf("cut: '%s'\n", text);
  free(all);
}

static int run(void *arg)
{
  (void)arg;
  double two = 2, five = 5;
  sp_task *sleeper = named("sleeper", sleeps, &two);
  sp_task *first = named("first", joins, sleeper);
  sp_task *second = named("second", joins, sleeper);
  sp_task *top = named("top", joins, first);
  sp_generator *inner = sp_generator_new(counts, &five);
  sp_generator *outer = sp_generator_new(passes_on, inner);
  sp_task *reader = sp_create_task(reads, outer);
  printf("before they begin\n");
  sp_print_tasks(sp_loop_running());
  sp_sleep(1.25);
  sp_task *fresh = named("fresh", sleeps, &two);
  printf("while they wait\n");
  sp_print_tasks(sp_loop_running());
  printf("who waits for the sleeper\n");
  sp_print_call_graph(sleeper);
  printf("who waits for this one\n");
  sp_print_call_graph(NULL);
  list_all();
  cut();
  sp_task_cancel(top, NULL);
  sp_print_call_graph(first);
  sp_await(second);
  sp_sleep(0);
  printf("at the end\n");
  sp_print_call_graph(top);
  sp_task_detach(top);
  sp_task_cancel(reader, NULL);
  sp_await(reader);
  sp_await(fresh);
  sp_generator_free(outer);
  sp_generator_free(inner);
  sp_print_tasks(sp_loop_running());
  return 0;
}

int main(void)
{
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.virtual_clock = true});
  int result = sp_loop_run(loop, run, NULL);
  sp_loop_free(loop);
  return result;
}
