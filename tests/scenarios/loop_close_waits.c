/* A loop may be closed while tasks wait in any call that suspends; what they waited for can be freed
 * or used again afterwards.
 * @server */
#include <stdio.h>

#include "spindle.h"

/* What outlives the loop. */
static sp_future *future;
static sp_lock lock;
static sp_event event;
static sp_condition condition;
static sp_semaphore semaphore;
static sp_barrier barrier;
static sp_queue *empty, *full;
static sp_executor *executor;
static const char *server;

/* --- in which calls tasks wait --- */

static int sleeps(void *arg)
{
  (void)arg;
  return sp_sleep(60);
}

static sp_task *sleeper(void) { return sp_create_task(sleeps, NULL); }

static int in_sleep(void *arg) { return sleeps(arg); }

static int in_yield(void *arg)
{
  while (sp_sleep(0) == 0 || arg == NULL) continue;
  return 0;
}

static int in_await_task(void *arg)
{
  (void)arg;
  return sp_await(sleeper());
}

static int in_await_future(void *arg)
{
  (void)arg;
  return sp_await(future);
}

static int in_wait_for(void *arg)
{
  (void)arg;
  return sp_wait_for(future, 60);
}

static int in_wait_for_nothing(void *arg)
{
  (void)arg;
  return sp_wait_for(sp_create_task(in_yield, NULL), 0);
}

static int in_shield(void *arg)
{
  (void)arg;
  return sp_shield(future);
}

static int in_gather(void *arg)
{
  (void)arg;
  sp_future *both[] = {sleeper(), future};
  return sp_gather(both, 2, NULL);
}

static int in_gather_all(void *arg)
{
  (void)arg;
  sp_future *both[] = {future, sleeper()};
  return sp_gather_all(both, 2, NULL);
}

static int in_wait(void *arg)
{
  (void)arg;
  sp_future *both[] = {future, sleeper()};
  return sp_wait(both, 2, 60, SP_ALL_COMPLETED);
}

static int in_as_completed(void *arg)
{
  (void)arg;
  sp_future *both[] = {future, sleeper()};
  sp_future *done;
  sp_as_completed each;
  int error = sp_as_completed_open(&each, both, 2, 60);
  return error < 0 ? error : sp_as_completed_next(&each, &done);
}

static int in_task_group(void *arg)
{
  (void)arg;
  sp_task_group group;
  int error = sp_task_group_open(&group);
  if (error == 0) error = sp_task_group_spawn(&group, sleeps, NULL);
  return sp_task_group_close(&group, error);
}

static int in_lock(void *arg)
{
  (void)arg;
  return sp_lock_acquire(&lock);
}

static int in_event(void *arg)
{
  (void)arg;
  return sp_event_wait(&event);
}

static int in_condition(void *arg)
{
  (void)arg;
  int error = sp_condition_acquire(&condition);
  return error < 0 ? error : sp_condition_wait(&condition);
}

static int in_semaphore(void *arg)
{
  (void)arg;
  return sp_semaphore_acquire(&semaphore);
}

static int in_barrier(void *arg)
{
  (void)arg;
  return sp_barrier_wait(&barrier);
}

static int in_queue_get(void *arg)
{
  (void)arg;
  void *item;
  return sp_queue_get(empty, &item);
}

static int in_queue_put(void *arg)
{
  (void)arg;
  return sp_queue_put(full, NULL);
}

static int in_queue_join(void *arg)
{
  (void)arg;
  return sp_queue_join(full);
}

static int produces(sp_generator *self, void *arg)
{
  (void)arg;
  int error = sp_yield(self, NULL);
  return error < 0 ? error : sp_sleep(60);
}

static int in_generator(void *arg)
{
  (void)arg;
  void *value;
  sp_generator *generator = sp_generator_new(produces, NULL);
  while (sp_generator_next(generator, &value) == 1) continue;
  return 0;
}

static int quick(void *arg)
{
  (void)arg;
  return 0;
}

static int in_to_thread(void *arg) { return sp_to_thread(quick, arg); }

static int in_fetch(void *arg)
{
  (void)arg;
  char url[200];
  sp_response response;
  snprintf(url, sizeof url, "%shang", server);
  return sp_fetch(url, NULL, &response);
}

static int in_response_read(void *arg)
{
  (void)arg;
  char url[200];
  char bytes[100];
  sp_response response;
  snprintf(url, sizeof url, "%sdrip?bytes=2&seconds=60", server);
  int error = sp_fetch_open(url, NULL, &response);
  if (error < 0) return error;
  while ((error = sp_response_read(&response, bytes, sizeof bytes)) > 0) continue;
  return error;
}

static int in_read_file(void *arg)
{
  (void)arg;
  void *data;
  size_t size;
  return sp_read_file("there is none", &data, &size);
}

static int in_write_file(void *arg)
{
  (void)arg;
  return sp_write_file("no such folder/file", "bytes", 5);
}

static int in_file_commit(void *arg)
{
  (void)arg;
  sp_file *file = sp_file_new("no such folder/file");
  return sp_file_commit(file);
}

static int in_executor(void *arg) { return sp_run_in_executor(executor, quick, arg); }

/* --- closing it --- */

static void silent(sp_loop *loop, const sp_report *report, void *arg)
{
  (void)loop, (void)report, (void)arg;
}

static void end_soon(void *arg) { sp_loop_stop(arg); }

static void close_in(const char *name, sp_coroutine *fn, double seconds)
{
  sp_loop *loop = sp_loop_new(NULL);
  sp_loop_set_exception_handler(loop, silent, NULL);
  future = sp_loop_create_future(loop);
  sp_task_detach(sp_loop_create_task(loop, fn, NULL));
  sp_task_detach(sp_loop_create_task(loop, fn, NULL));
  sp_loop_call_later(loop, seconds, end_soon, loop);
  sp_loop_run_forever(loop);
  int closed = sp_loop_close(loop);
  sp_future_free(future);
  printf("%s: %d\n", name, closed < 0 ? closed : sp_loop_free(loop));
}

/* --- and after it --- */

static int use_again(void *arg)
{
  (void)arg;
  void *item;
  sp_lock_release(&lock);
  printf("lock: %d\n", sp_lock_acquire(&lock));
  sp_event_set(&event);
  printf("event: %d\n", sp_event_wait(&event));
  sp_semaphore_release(&semaphore);
  printf("semaphore: %d\n", sp_semaphore_acquire(&semaphore));
  printf("get: %d\n", sp_queue_get(full, &item));
  printf("put: %d\n", sp_queue_put(empty, NULL));
  return 0;
}

static const struct {
  const char *name;
  sp_coroutine *fn;
} calls[] = {
    {"sleep", in_sleep},
    {"yield", in_yield},
    {"await_task", in_await_task},
    {"await_future", in_await_future},
    {"wait_for", in_wait_for},
    {"wait_for_nothing", in_wait_for_nothing},
    {"shield", in_shield},
    {"gather", in_gather},
    {"gather_all", in_gather_all},
    {"wait", in_wait},
    {"as_completed", in_as_completed},
    {"task_group", in_task_group},
    {"lock", in_lock},
    {"event", in_event},
    {"condition", in_condition},
    {"semaphore", in_semaphore},
    {"barrier", in_barrier},
    {"queue_get", in_queue_get},
    {"queue_put", in_queue_put},
    {"queue_join", in_queue_join},
    {"generator", in_generator},
    {"to_thread", in_to_thread},
    {"fetch", in_fetch},
    {"read_file", in_read_file},
    {"write_file", in_write_file},
    {"file_commit", in_file_commit},
    {"executor", in_executor},
};

int main(int argc, char **argv)
{
  server = argc > 1 ? argv[1] : "";
  sp_barrier_init(&barrier, 3);
  empty = sp_queue_new(1);
  full = sp_queue_new(1);
  executor = sp_executor_new(1);
  sp_queue_put_nowait(full, NULL);
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    close_in(calls[i].name, calls[i].fn, 0);
  }
  close_in("response_read", in_response_read, 0.5);
  int result = sp_run(use_again, NULL);
  sp_executor_free(executor);
  sp_queue_free(empty);
  sp_queue_free(full);
  return result;
}
