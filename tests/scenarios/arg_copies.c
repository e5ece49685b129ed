/* A copied argument is the task's own: what it was copied from may change or go as soon as the call has
 * returned.
 * @threads */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

enum { LARGEST = 1000000 };

typedef struct job {
  int id;
  const char *word;
  sp_generator *from; /* a generator's copy points to it */
} job;

static const job gone = {.id = -1, .word = "overwritten"};

static int work(void *arg)
{
  job *own = arg;
  printf("job %d: %s\n", own->id, own->word);
  own->id++; /* nobody else has it */
  int error = sp_sleep(0.01);
  return error < 0 ? error : own->id;
}

/* --- every call that makes a task --- */

static int by_options(void)
{
  job original = {.id = 1, .word = "by options"};
  sp_task_options options = {.arg_size = sizeof original};
  sp_task *task = sp_create_task_with(work, &original, &options);
  sp_task *other = sp_create_task_with(work, &original, &options);
  original = gone;
  options = (sp_task_options){.arg_size = 1};
  printf("%d, ", sp_await(task));
  return sp_await(other);
}

static int by_macro(void)
{
  sp_task *tasks[3];
  for (int i = 0; i < 3; i++) {
    tasks[i] = sp_create_task_copy(work, &(job){.id = 10 * i, .word = "by macro"});
  }
  int results[3];
  int error = sp_gather(tasks, 3, results);
  return error < 0 ? error : results[0] + results[1] + results[2];
}

static int on_a_loop(void)
{
  job original = {.id = 2, .word = "on a loop"};
  sp_task_options options = {.name = "named", .arg_size = sizeof original};
  sp_task *task =
      sp_loop_create_task_from(sp_loop_running(), work, &original, &options, "work", SP_HERE);
  original = gone;
  return sp_await(task);
}

static int eagerly(void)
{
  job original = {.id = 3, .word = "eagerly"};
  sp_task_options options = {.eager_start = true, .arg_size = sizeof original};
  sp_task *task = sp_create_task_with(work, &original, &options);
  printf("the original: %d\n", original.id);
  original = gone;
  return sp_await(task);
}

static int in_a_group(void)
{
  sp_task_group group;
  int result = sp_task_group_open(&group);
  for (int i = 4; result >= 0 && i < 6; i++) {
    result = sp_task_group_spawn_copy(&group, work, &(job){.id = i, .word = "in a group"});
  }
  job original = {.id = 6, .word = "in a group, awaited"};
  sp_task_options options = {.arg_size = sizeof original};
  sp_task *task =
      sp_task_group_create_task_from(&group, work, &original, &options, "work", SP_HERE);
  original = gone;
  if (result >= 0) result = sp_await(task);
  return sp_task_group_close(&group, result);
}

static int main_task(void *arg) { return work(arg); }

static int never(void *arg)
{
  (void)arg;
  printf("never\n");
  return 0;
}

static int cancelled_before_it_begins(void)
{
  sp_task *task = sp_create_task_copy(never, &gone);
  sp_task_cancel(task, NULL);
  return sp_await(task);
}

/* --- factories --- */

static int wrapped(void *arg)
{
  job *own = *(job **)arg;
  printf("wrapped: ");
  int result = work(own);
  free(own);
  return result;
}

static sp_task *passes_on(sp_loop *loop, sp_coroutine *fn, void *arg,
                          const sp_task_options *options, const char *fn_name, const char *where,
                          void *factory_arg)
{
  (void)factory_arg;
  return sp_loop_create_task_from(loop, fn, arg, options, fn_name, where);
}

/* What it passes in place of `arg` is of another size. */
static sp_task *wraps(sp_loop *loop, sp_coroutine *fn, void *arg, const sp_task_options *options,
                      const char *fn_name, const char *where, void *factory_arg)
{
  (void)fn, (void)factory_arg;
  job *own = malloc(sizeof *own);
  if (!own) return NULL;
  memcpy(own, arg, options->arg_size);
  sp_task_options others = *options;
  others.arg_size = sizeof own;
  return sp_loop_create_task_from(loop, wrapped, &own, &others, fn_name, where);
}

static int by_a_factory(sp_task_factory *factory)
{
  sp_loop_set_task_factory(sp_loop_running(), factory, NULL);
  sp_task *task = sp_create_task_copy(work, &(job){.id = 7, .word = "by a factory"});
  sp_loop_set_task_factory(sp_loop_running(), NULL, NULL);
  return sp_await(task);
}

/* --- generators --- */

static int count(sp_generator *self, void *arg)
{
  job *own = arg;
  own->from = self;
  int error = 0;
  while (error == 0 && own->id < 3) {
    own->id++;
    error = sp_sleep(0.01);
    if (error == 0) error = sp_yield(self, arg);
  }
  return error;
}

static sp_generator *counter(int from)
{
  return sp_generator_new_copy(count, &(job){.id = from, .word = "counted"});
}

static int ask(sp_generator *generator)
{
  void *value;
  int more;
  while ((more = sp_generator_next(generator, &value)) > 0) {
    const job *own = value;
    printf("%s %d%s, ", own->word, own->id, own->from == generator ? "" : " by another");
  }
  return more;
}

static int by_generators(void)
{
  sp_generator *one = counter(0);
  sp_generator *two = counter(1);
  int result = ask(one);
  if (result == 0) result = ask(two);
  sp_generator_free(one);
  sp_generator_free(two);
  sp_generator_free(counter(2)); /* it never begins */
  return result;
}

/* --- sizes --- */

static unsigned char bytes[LARGEST + 1];
static size_t expected;
static bool well;

/* On a stack of the smallest size, so that what overruns it is found out. */
static int look(void *arg)
{
  const unsigned char *own = arg;
  well &= (uintptr_t)own % 16 == 0;
  for (int i = 0; i < 2; i++) {
    for (size_t at = 0; at < expected; at++) well &= own[at] == (unsigned char)(at % 251);
    int error = sp_sleep(0);
    if (error < 0) return error;
  }
  memset(arg, 0, expected);
  return 0;
}

static int of_size(size_t size)
{
  expected = size;
  for (size_t at = 0; at < size; at++) bytes[at] = (unsigned char)(at % 251);
  sp_task_options options = {.stack_size = 1, .arg_size = size};
  sp_task *task = sp_create_task_with(look, bytes, &options);
  memset(bytes, 255, size);
  return task ? sp_await(task) : SP_ENOMEM;
}

static int of_all_sizes(void)
{
  static const size_t sizes[] = {100,  511,  512,   1000,   2047,   2048,
                                 2049, 4096, 16384, 100001, LARGEST};
  int result = 0;
  well = true;
  for (size_t size = 1; result == 0 && size <= 65; size++) result = of_size(size);
  for (size_t i = 0; result == 0 && i < sizeof sizes / sizeof *sizes; i++)
    result = of_size(sizes[i]);
  printf("%s, ", well ? "whole and aligned" : "not as they were");
  return result;
}

static int too_large(void)
{
  sp_task_options options = {.arg_size = 1 << 28};
  sp_task *task = sp_create_task_with(never, bytes, &options);
  printf("%s\n", task ? "made" : sp_error_message());
  sp_generator *generator = sp_generator_new_with(count, bytes, &options);
  printf("%s\n", generator ? "made" : sp_error_message());
  options.arg_size = SIZE_MAX / 8 + 1;
  if (sp_create_task_with(never, bytes, &options)) printf("made\n");
  options.arg_size = SIZE_MAX / 32 + 1;
  if (sp_create_task_with(never, bytes, &options)) printf("made\n");
  options.arg_size = SIZE_MAX;
  if (sp_create_task_with(never, bytes, &options)) printf("made\n");
  if (sp_run_coroutine_threadsafe_with(sp_loop_running(), never, bytes, &options)) printf("made\n");
  return 0;
}

/* --- from a thread --- */

static int remotely(void)
{
  char name[] = "remote";
  job original = {.id = 8, .word = "remotely"};
  sp_task_options options = {.name = name, .eager_start = true, .arg_size = sizeof original};
  sp_remote_task *remote =
      sp_run_coroutine_threadsafe_with(sp_loop_running(), work, &original, &options);
  original = gone;
  options.name = "overwritten";
  name[0] = '?';
  int result = sp_sleep(0);
  sp_task *tasks[2];
  if (sp_all_tasks(sp_loop_running(), tasks, 2) == 2) printf("%s, ", sp_task_name(tasks[1]));
  while (result == 0 && !sp_remote_task_done(remote)) result = sp_sleep(0.01);
  if (result == 0) result = sp_remote_task_result(remote, 0);
  sp_remote_task_free(remote);
  return result;
}

static sp_event handled;

static int handle(void *arg)
{
  const job *own = arg;
  printf("job %d: %s\n", own->id, own->word);
  sp_event_set(&handled);
  return 0;
}

/* What it makes is on its stack, and it waits for nothing. */
static int send(void *loop)
{
  sp_remote_task *remote =
      sp_run_coroutine_threadsafe_copy(loop, handle, &(job){.id = 9, .word = "from a thread"});
  sp_remote_task_free(remote);
  return remote ? 0 : SP_ENOMEM;
}

static int from_a_thread(void)
{
  int result = sp_to_thread(send, sp_loop_running());
  return result < 0 ? result : sp_event_wait(&handled);
}

static int run(void *arg)
{
  (void)arg;
  printf("%d\n", by_options());
  printf("%d\n", by_macro());
  printf("%d\n", on_a_loop());
  printf("%d\n", eagerly());
  printf("%d\n", in_a_group());
  printf("%s\n", sp_error_name(cancelled_before_it_begins()));
  printf("%d\n", by_a_factory(passes_on));
  printf("%d\n", by_a_factory(wraps));
  printf("%d\n", by_generators());
  printf("%d\n", of_all_sizes());
  printf("%d\n", too_large());
  printf("%d\n", remotely());
  printf("%d\n", from_a_thread());
  return 0;
}

int main(void)
{
  job original = {.id = 0, .word = "the main task"};
  sp_task_options options = {.arg_size = sizeof original};
  printf("%d\n", sp_run_with(main_task, &original, &options));
  printf("the original: %d\n", original.id);
  return sp_run(run, NULL);
}
