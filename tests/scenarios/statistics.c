/* What a loop counts: tasks that are not done, switches, iterations, what the tasks hold, the time in
 * which it was busy.
 * @stderr Task was destroyed but it is pending! */
#include <stdio.h>

#include "spindle.h"

static sp_statistics now(void)
{
  sp_statistics statistics;
  sp_loop_statistics(sp_loop_running(), &statistics);
  return statistics;
}

static void print(const char *when)
{
  sp_statistics counted = now();
  printf("%s: %zu tasks, %llu switches, %llu iterations\n", when, counted.tasks,
         (unsigned long long)counted.switches, (unsigned long long)counted.iterations);
}

static int sleeps(void *arg)
{
  (void)arg;
  return sp_sleep(1);
}

static int yields(void *times)
{
  for (int left = *(int *)times; left > 0; left--) sp_sleep(0);
  return 0;
}

static int counts(sp_generator *self, void *arg)
{
  for (int i = 0; i < 3; i++) sp_yield(self, arg);
  return 0;
}

/* Asking a generator is no switch of tasks, though it has a stack. */
static void ask(void)
{
  size_t before = now().task_memory;
  void *value;
  sp_generator *generator = sp_generator_new(counts, NULL);
  while (sp_generator_next(generator, &value) > 0) continue;
  printf("a generator holds memory: %d\n", now().task_memory > before);
  sp_generator_free(generator);
  printf("and gives it back: %d\n", now().task_memory == before);
}

/* Deeper than its stack has room for beside the call chain, on the web. */
static int descend(int depth, volatile char *above)
{
  volatile char here[64];
  here[0] = above[0];
  if (depth == 0) return sp_sleep(1);
  int result = descend(depth - 1, here);
  return result + here[0];
}

static int is_deep(void *arg)
{
  (void)arg;
  char top[1] = {0};
  return descend(8, top);
}

static void measure(sp_coroutine *fn, size_t stack_size)
{
  sp_task_options options = {.stack_size = stack_size};
  size_t before = now().task_memory;
  sp_task *task = sp_create_task_with(fn, NULL, &options);
  sp_sleep(0);
  size_t with = now().task_memory;
  int result = sp_await(task);
  printf("%s: as much as asked for: %d, given back: %d\n", sp_strerror(result),
         with >= before + stack_size, now().task_memory == before);
}

static int run(void *arg)
{
  (void)arg;
  print("at first");
  sp_task *tasks[] = {sp_create_task(sleeps, NULL), sp_create_task(yields, &(int){3})};
  print("two were made");
  sp_sleep(0);
  print("they began");
  sp_gather(tasks, 2, NULL);
  print("they are done");
  sp_task_detach(sp_create_task(sleeps, NULL));
  sp_sleep(0.5);
  print("another one sleeps");
  sp_sleep(1);
  print("and ended");
  ask();
  print("a generator was asked four times");
  measure(sleeps, 65536);
  measure(is_deep, 2048);
  measure(is_deep, 262144);
  sp_task_detach(sp_create_task(sleeps, NULL));
  return 0;
}

/* The clock of `busy` is a real one. */
static void print_closed(sp_loop *loop)
{
  sp_statistics before, after;
  sp_loop_statistics(loop, &before);
  sp_loop_close(loop);
  sp_loop_statistics(loop, &after);
  printf("busy: %d\n", before.busy > 0 && before.busy < 60);
  printf("closed: %zu tasks, %zu bytes, the rest as before: %d\n", after.tasks, after.task_memory,
         after.switches == before.switches && after.iterations == before.iterations &&
             after.busy == before.busy);
}

int main(void)
{
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.virtual_clock = true});
  int result = sp_loop_run(loop, run, NULL);
  sp_statistics left;
  sp_loop_statistics(loop, &left);
  printf("after the run: %zu tasks, %zu bytes\n", left.tasks, left.task_memory);
  sp_loop_create_task(loop, sleeps, NULL);
  sp_loop_statistics(loop, &left);
  printf("one waits for the next run: %zu tasks\n", left.tasks);
  print_closed(loop);
  sp_loop_free(loop);
  return result;
}
