/* How many steps the library takes for N of something: the basic blocks that the loop's thread goes
 * through in code that was compiled to count them (-fsanitize-coverage=trace-pc).
 *
 *   steps          prints the names of what can be counted
 *   steps NAME N   does it N times and prints the count */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

/* --- counting --- */

void __sanitizer_cov_trace_pc(void);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

static _Thread_local uint64_t steps;

void __sanitizer_cov_trace_pc(void) { steps++; }

static bool no_memory;

void *__wrap_calloc(size_t count, size_t size)
{
  return no_memory ? NULL : __real_calloc(count, size);
}

/* --- what tasks do --- */

static const sp_task_options small = {.stack_size = 16384};
static int n;
static sp_future **futures;

static void check(bool ok)
{
  if (ok) return;
  fprintf(stderr, "it went wrong: %s\n", sp_error_message());
  exit(1);
}

static sp_task *begin(sp_coroutine *fn, void *arg)
{
  sp_task *task = sp_create_task_with(fn, arg, &small);
  check(task != NULL);
  return task;
}

static void begin_all(sp_coroutine *fn, void *arg)
{
  for (int i = 0; i < n; i++) futures[i] = begin(fn, arg);
}

static void cancel_newest_first(void)
{
  for (int i = n - 1; i >= 0; i--) sp_task_cancel(futures[i], NULL);
}

static int await_all(void)
{
  for (int i = 0; i < n; i++) sp_await(futures[i]);
  return 0;
}

static int sleeps(void *arg)
{
  (void)arg;
  return sp_sleep(1000);
}

static int ends(void *arg)
{
  (void)arg;
  return 0;
}

/* One below the other; the last sleeps. */
static int awaits_next(void *depth)
{
  int left = *(int *)depth - 1;
  return left > 0 ? sp_await(begin(awaits_next, &left)) : sp_sleep(1000);
}

static int gathers_next(void *depth)
{
  int left = *(int *)depth - 1;
  if (left == 0) return sp_sleep(1000);
  sp_task *next = begin(gathers_next, &left);
  return sp_gather(&next, 1, NULL);
}

static sp_task *begin_chain(sp_coroutine *fn)
{
  static int depth;
  depth = n;
  sp_task *first = begin(fn, &depth);
  for (int i = 0; i < n + 2; i++) sp_sleep(0);
  return first;
}

/* --- what is counted --- */

static int shutdown_chain(void *arg)
{
  (void)arg;
  sp_task_detach(begin_chain(awaits_next));
  return 0;
}

static int cancel_chain(void *arg)
{
  (void)arg;
  sp_task *first = begin_chain(awaits_next);
  sp_task_cancel(first, NULL);
  sp_await(first);
  return 0;
}

static int cancel_gathers(void *arg)
{
  (void)arg;
  sp_task *first = begin_chain(gathers_next);
  sp_task_cancel(first, NULL);
  sp_await(first);
  return 0;
}

static int shutdown_many(void *arg)
{
  begin_all(sleeps, arg);
  sp_sleep(0);
  return 0;
}

static int sleep_many(void *arg)
{
  begin_all(sleeps, arg);
  sp_sleep(0);
  cancel_newest_first();
  return await_all();
}

static int gather_many(void *arg)
{
  begin_all(ends, arg);
  check(sp_gather(futures, (size_t)n, NULL) == 0);
  return 0;
}

static int gather_one_many_times(void *arg)
{
  sp_task *task = begin(ends, arg);
  for (int i = 0; i < n; i++) futures[i] = task;
  check(sp_gather(futures, (size_t)n, NULL) == 0);
  return 0;
}

static int gather_without_memory(void *arg)
{
  begin_all(ends, arg);
  no_memory = true;
  check(sp_gather(futures, (size_t)n, NULL) == SP_ENOMEM);
  no_memory = false;
  sp_sleep(0);
  return 0;
}

static int wait_many(void *arg)
{
  begin_all(ends, arg);
  check(sp_wait(futures, (size_t)n, 1000, SP_ALL_COMPLETED) == n);
  return await_all();
}

static sp_as_completed each;

static int asks(void *arg)
{
  sp_future *done;
  return sp_as_completed_next(arg, &done);
}

static int ask_as_completed(void *arg)
{
  (void)arg;
  sp_future **askers = futures;
  begin_all(sleeps, NULL);
  sp_sleep(0);
  check(sp_as_completed_open(&each, futures, (size_t)n, 5000) == 0);
  futures = calloc((size_t)n, sizeof *futures);
  begin_all(asks, &each);
  await_all();
  sp_as_completed_close(&each);
  free(futures);
  futures = askers;
  return await_all();
}

static int cancel_askers(void *arg)
{
  (void)arg;
  sp_task *task = begin(sleeps, NULL);
  for (int i = 0; i < n; i++) futures[i] = sp_future_new();
  check(sp_as_completed_open(&each, futures, (size_t)n, 5000) == 0);
  sp_future **waited_for = futures;
  futures = calloc((size_t)n, sizeof *futures);
  begin_all(asks, &each);
  sp_sleep(0);
  cancel_newest_first();
  await_all();
  sp_as_completed_close(&each);
  for (int i = 0; i < n; i++) sp_future_free(waited_for[i]);
  free(futures);
  futures = waited_for;
  sp_task_detach(task);
  return 0;
}

static sp_lock lock;

static int locks(void *arg)
{
  int error = sp_lock_acquire(arg);
  return error < 0 ? error : sp_lock_release(arg);
}

static int lock_many(void *arg)
{
  (void)arg;
  check(sp_lock_acquire(&lock) == 0);
  begin_all(locks, &lock);
  sp_sleep(0);
  sp_lock_release(&lock);
  return await_all();
}

static int cancel_lockers(void *arg)
{
  (void)arg;
  check(sp_lock_acquire(&lock) == 0);
  begin_all(locks, &lock);
  sp_sleep(0);
  cancel_newest_first();
  await_all();
  return sp_lock_release(&lock);
}

static sp_event event;

static int awaits_event(void *arg) { return sp_event_wait(arg); }

static int set_event(void *arg)
{
  (void)arg;
  begin_all(awaits_event, &event);
  sp_sleep(0);
  sp_event_set(&event);
  return await_all();
}

static int close_loop_in_event(void *arg)
{
  (void)arg;
  begin_all(awaits_event, &event);
  sp_sleep(0);
  sp_loop_stop(sp_loop_running());
  return sp_sleep(1000);
}

static sp_condition condition;

static int awaits_condition(void *arg)
{
  int error = sp_condition_acquire(arg);
  if (error == 0) error = sp_condition_wait(arg);
  sp_condition_release(arg);
  return error;
}

static int notify_all(void *arg)
{
  (void)arg;
  begin_all(awaits_condition, &condition);
  sp_sleep(0);
  check(sp_condition_acquire(&condition) == 0);
  sp_condition_notify_all(&condition);
  sp_condition_release(&condition);
  return await_all();
}

static sp_semaphore semaphore;

static int takes_permit(void *arg)
{
  int error = sp_semaphore_acquire(arg);
  if (error == 0) sp_semaphore_release(arg);
  return error;
}

static int share_semaphore(void *arg)
{
  (void)arg;
  semaphore = (sp_semaphore){.value = 3};
  begin_all(takes_permit, &semaphore);
  return await_all();
}

static int gets(void *arg)
{
  void *item;
  return sp_queue_get(arg, &item);
}

static int put_for_many(void *arg)
{
  (void)arg;
  sp_queue *queue = sp_queue_new(0);
  begin_all(gets, queue);
  sp_sleep(0);
  for (int i = 0; i < n; i++) check(sp_queue_put_nowait(queue, NULL) == 0);
  await_all();
  sp_queue_free(queue);
  return 0;
}

static int cancel_getters(void *arg)
{
  (void)arg;
  sp_queue *queue = sp_queue_new(0);
  begin_all(gets, queue);
  sp_sleep(0);
  cancel_newest_first();
  await_all();
  sp_queue_free(queue);
  return 0;
}

static int abort_group(void *arg)
{
  sp_task_group group;
  check(sp_task_group_open(&group) == 0);
  for (int i = 0; i < n; i++) {
    check(sp_task_group_spawn_from(&group, sleeps, arg, &small, "sleeps", SP_HERE) == 0);
  }
  sp_sleep(0);
  check(sp_task_group_close(&group, SP_EUSER) == SP_EGROUP);
  return 0;
}

static void called(void *arg) { ++*(int *)arg; }

static int call_many(void *arg)
{
  (void)arg;
  static int calls;
  for (int i = 0; i < n; i++)
    sp_loop_call_later(sp_loop_running(), (double)(n - i), called, &calls);
  sp_sleep(2 * n);
  check(calls == n);
  return 0;
}

static int cancel_calls(void *arg)
{
  (void)arg;
  static int calls;
  sp_handle *handles = calloc((size_t)n, sizeof *handles);
  for (int i = 0; i < n; i++) {
    handles[i] = sp_loop_call_later(sp_loop_running(), (double)(n - i), called, &calls);
  }
  for (int i = 0; i < n; i++) sp_handle_cancel(handles[i]);
  free(handles);
  sp_sleep(2 * n);
  check(calls == 0);
  return 0;
}

static int quick(void *arg) { return arg != NULL; }

static int blocks(void *arg)
{
  while (!__atomic_load_n((bool *)arg, __ATOMIC_ACQUIRE)) continue;
  return 0;
}

static sp_executor *executor;

static int in_executor(void *arg) { return sp_run_in_executor(executor, quick, arg); }
static int blocks_executor(void *arg) { return sp_run_in_executor(executor, blocks, arg); }

static int cancel_work(void *arg)
{
  static bool go_on;
  executor = sp_executor_new(1);
  sp_task *blocker = begin(blocks_executor, &go_on);
  sp_sleep(0);
  begin_all(in_executor, arg);
  sp_sleep(0);
  cancel_newest_first();
  await_all();
  __atomic_store_n(&go_on, true, __ATOMIC_RELEASE);
  sp_await(blocker);
  sp_executor_free(executor);
  return 0;
}

static int print_chain(void *arg)
{
  (void)arg;
  sp_task *first = begin_chain(awaits_next);
  check(sp_format_tasks(sp_loop_running(), NULL, 0) > 0);
  sp_task_cancel(first, NULL);
  sp_await(first);
  return 0;
}

static int awaits_it(void *task) { return sp_await(task); }

static int print_callers(void *arg)
{
  sp_task *awaited = begin(sleeps, arg);
  begin_all(awaits_it, awaited);
  sp_sleep(0);
  check(sp_format_call_graph(awaited, NULL, 0) > 0);
  sp_task_cancel(awaited, NULL);
  return await_all();
}

static int yields_once(sp_generator *self, void *arg) { return sp_yield(self, arg); }

static int leave_generators(void *arg)
{
  void *value;
  for (int i = 0; i < n; i++) {
    sp_generator *generator = sp_generator_new_with(yields_once, arg, &small);
    check(generator && sp_generator_next(generator, &value) == 1);
    if (i % 2) sp_generator_free(generator);
  }
  return 0;
}

static void told(sp_future *future, void *arg) { (void)future, (void)arg; }

static int call_back_many(void *arg)
{
  sp_future *future = sp_future_new();
  for (int i = 0; i < n; i++) check(sp_future_add_done_callback(future, told, arg) == 0);
  check(sp_future_remove_done_callback(future, told, &n) == 0);
  sp_future_set_result(future, 0);
  sp_sleep(0);
  sp_future_free(future);
  return 0;
}

static int call_from_outside(void *arg)
{
  static int calls;
  (void)arg;
  for (int i = 0; i < n; i++) sp_loop_call_soon_threadsafe(sp_loop_running(), called, &calls);
  sp_sleep(0);
  check(calls == n);
  return 0;
}

static const struct {
  const char *name;
  sp_coroutine *fn;
} counted[] = {
    {"shutdown_chain", shutdown_chain},
    {"cancel_chain", cancel_chain},
    {"cancel_gathers", cancel_gathers},
    {"shutdown_many", shutdown_many},
    {"sleep_many", sleep_many},
    {"gather_many", gather_many},
    {"gather_one_many_times", gather_one_many_times},
    {"gather_without_memory", gather_without_memory},
    {"wait_many", wait_many},
    {"ask_as_completed", ask_as_completed},
    {"cancel_askers", cancel_askers},
    {"lock_many", lock_many},
    {"cancel_lockers", cancel_lockers},
    {"set_event", set_event},
    {"close_loop_in_event", close_loop_in_event},
    {"notify_all", notify_all},
    {"share_semaphore", share_semaphore},
    {"put_for_many", put_for_many},
    {"cancel_getters", cancel_getters},
    {"abort_group", abort_group},
    {"call_many", call_many},
    {"cancel_calls", cancel_calls},
    {"cancel_work", cancel_work},
    {"print_chain", print_chain},
    {"print_callers", print_callers},
    {"leave_generators", leave_generators},
    {"call_back_many", call_back_many},
    {"call_from_outside", call_from_outside},
};

static void silent(sp_loop *loop, const sp_report *report, void *arg)
{
  (void)loop, (void)report, (void)arg;
}

/* The sleeping is done at once. */
static int count(sp_coroutine *fn)
{
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.virtual_clock = true});
  futures = calloc((size_t)n, sizeof *futures);
  check(loop && futures);
  sp_loop_set_exception_handler(loop, silent, NULL);
  int result;
  if (fn == close_loop_in_event) {
    sp_task *task = sp_loop_create_task(loop, fn, NULL);
    result = sp_loop_run_forever(loop);
    sp_task_detach(task);
  } else {
    result = sp_loop_run(loop, fn, NULL);
  }
  check(result == 0);
  sp_loop_free(loop);
  free(futures);
  printf("%llu\n", (unsigned long long)steps);
  return 0;
}

int main(int argc, char **argv)
{
  size_t all = sizeof counted / sizeof *counted;
  if (argc < 2) {
    for (size_t i = 0; i < all; i++) printf("%s\n", counted[i].name);
    return 0;
  }
  n = argc > 2 ? atoi(argv[2]) : 0;
  for (size_t i = 0; i < all && n > 0; i++) {
    if (strcmp(counted[i].name, argv[1]) == 0) return count(counted[i].fn);
  }
  fprintf(stderr, "usage: steps [NAME N]\n");
  return 2;
}
