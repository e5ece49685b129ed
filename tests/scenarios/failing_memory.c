/* When the first, the second, the third ... allocation fails, alone or with all that follow, each part
 * of the library says SP_ENOMEM or ends well: nothing crashes, leaks, or waits for ever.
 * @links failing_memory
 * @server
 * @file memory.bin 90000 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failing_memory.h"
#include "spindle.h"

enum { ENDLESS = 10000 };

static const char *server;

/* --- what the parts use --- */

static int nap(void *arg) { return sp_sleep(*(double *)arg); }

static int fail_with_words(void *arg)
{
  int error = sp_sleep(0);
  return error < 0 ? error : sp_fail(SP_EUSER, "%s", (const char *)arg);
}

static void count(void *arg) { ++*(int *)arg; }

static void count_done(sp_future *future, void *arg)
{
  (void)future;
  ++*(int *)arg;
}

/* Starts `total` naps; on an error none is left. */
static int start_naps(sp_task **tasks, int total)
{
  static double seconds[] = {0.3, 0.1, 0.2};
  for (int i = 0; i < total; i++) {
    tasks[i] = sp_create_task(nap, &seconds[i % 3]);
    if (tasks[i]) continue;
    while (i-- > 0) {
      sp_task_cancel(tasks[i], NULL);
      sp_task_detach(tasks[i]);
    }
    return SP_ENOMEM;
  }
  return 0;
}

static void let_go(sp_task **tasks, int total)
{
  for (int i = 0; i < total; i++) {
    sp_task_cancel(tasks[i], "let go");
    sp_task_detach(tasks[i]);
  }
}

/* What an error of a test's own, which is no lack of memory, becomes in a part that expects it. */
static int expected(int result, int error) { return result == error ? 0 : result; }

/* --- the parts --- */

static int tasks_part(void *arg)
{
  (void)arg;
  sp_task_options options = {.name = "named"};
  sp_task *task = sp_create_task_with(fail_with_words, "words", &options);
  if (!task) return SP_ENOMEM;
  int named = sp_task_set_name(task, "renamed");
  int result = expected(sp_await(task), SP_EUSER);
  return named < 0 ? named : result;
}

static int eager_part(void *arg)
{
  (void)arg;
  sp_task_options options = {.eager_start = true};
  sp_task *task = sp_create_task_with(fail_with_words, "at once", &options);
  return task ? expected(sp_await(task), SP_EUSER) : SP_ENOMEM;
}

static int cancelled_part(void *arg)
{
  (void)arg;
  sp_task *task;
  int error = start_naps(&task, 1);
  if (error < 0) return error;
  error = sp_sleep(0);
  sp_task_cancel(task, "enough");
  int result = expected(sp_await(task), SP_ECANCELED);
  return error < 0 ? error : result;
}

static int futures_part(void *arg)
{
  (void)arg;
  int called = 0;
  sp_future *future = sp_future_new();
  if (!future) return SP_ENOMEM;
  int error = sp_future_add_done_callback(future, count_done, &called);
  sp_future_set_error(future, SP_EUSER, "failed");
  int result = expected(sp_await(future), SP_EUSER);
  while (error == 0 && called == 0 && result == 0) result = sp_sleep(0);
  sp_future_free(future);
  return error < 0 ? error : result;
}

/* A call may come after its part has failed, so what it counts in stays. */
static int calls_part(void *arg)
{
  static int called;
  (void)arg;
  int made = 0;
  called = 0;
  sp_loop *loop = sp_loop_running();
  made += sp_loop_call_soon(loop, count, &called).call != NULL;
  made += sp_loop_call_later(loop, 0.1, count, &called).call != NULL;
  made += sp_loop_call_soon_threadsafe(loop, count, &called).call != NULL;
  int result = 0;
  for (int i = 0; called < made && i < ENDLESS; i++) result = sp_sleep(0.05);
  return made < 3 ? SP_ENOMEM : result;
}

static int gather_part(void *arg)
{
  (void)arg;
  sp_task *tasks[3];
  int results[3];
  int error = start_naps(tasks, 3);
  if (error < 0) return error;
  return sp_gather(tasks, 3, results);
}

static int gather_all_part(void *arg)
{
  (void)arg;
  sp_task *tasks[3];
  int results[3] = {0};
  int error = start_naps(tasks, 2);
  if (error < 0) return error;
  tasks[2] = sp_create_task(fail_with_words, "one of three");
  if (!tasks[2]) {
    let_go(tasks, 2);
    return SP_ENOMEM;
  }
  error = sp_gather_all(tasks, 3, results);
  for (int i = 0; error == 0 && i < 3; i++) error = expected(results[i], SP_EUSER);
  return error;
}

static int wait_part(void *arg)
{
  (void)arg;
  sp_task *tasks[3];
  int error = start_naps(tasks, 3);
  if (error < 0) return error;
  int done = sp_wait(tasks, 3, 0.15, SP_FIRST_COMPLETED);
  let_go(tasks, 3);
  return done < 0 ? done : 0;
}

static int wait_for_part(void *arg)
{
  (void)arg;
  sp_task *task;
  int error = start_naps(&task, 1);
  if (error < 0) return error;
  return expected(sp_wait_for(task, 0.1), SP_ETIMEDOUT);
}

static int as_completed_part(void *arg)
{
  (void)arg;
  sp_task *tasks[3], *done;
  int error = start_naps(tasks, 3);
  if (error < 0) return error;
  sp_as_completed each;
  int more = sp_as_completed_open(&each, tasks, 3, 0.25);
  while (more >= 0 && (more = sp_as_completed_next(&each, &done)) > 0) more = sp_future_error(done);
  sp_as_completed_close(&each);
  let_go(tasks, 3);
  return expected(more, SP_ETIMEDOUT);
}

static int shield_part(void *arg)
{
  (void)arg;
  sp_task *task;
  int error = start_naps(&task, 1);
  if (error < 0) return error;
  error = sp_shield(task);
  sp_task_detach(task);
  return error;
}

static int timeout_part(void *arg)
{
  (void)arg;
  sp_timeout limit;
  int result = sp_timeout_open(&limit, 0.1);
  if (result < 0) return result;
  int moved = sp_timeout_reschedule(&limit, sp_loop_time(sp_loop_running()) + 0.2);
  result = sp_timeout_close(&limit, sp_sleep(1));
  return moved < 0 && result == 0 ? moved : expected(result, SP_ETIMEDOUT);
}

static int group_part(void *arg)
{
  (void)arg;
  static double seconds = 0.3;
  sp_task_group group;
  int result = sp_task_group_open(&group);
  if (result < 0) return result;
  for (int i = 0; result == 0 && i < 3; i++) result = sp_task_group_spawn(&group, nap, &seconds);
  if (result == 0) result = sp_task_group_spawn(&group, fail_with_words, "of a group");
  result = sp_task_group_close(&group, result);
  return expected(result, SP_EGROUP);
}

static int take_turns(void *arg)
{
  sp_lock *lock = arg;
  int error = sp_lock_acquire(lock);
  if (error < 0) return error;
  error = sp_sleep(0.1);
  int released = sp_lock_release(lock);
  return error < 0 ? error : released;
}

static int locks_part(void *arg)
{
  (void)arg;
  sp_lock lock = {0};
  sp_task_group group;
  int result = sp_task_group_open(&group);
  if (result < 0) return result;
  for (int i = 0; result == 0 && i < 3; i++) {
    result = sp_task_group_spawn(&group, take_turns, &lock);
  }
  result = sp_task_group_close(&group, result);
  return expected(result, SP_EGROUP);
}

static int meet(void *arg)
{
  int place = sp_barrier_wait(arg);
  return place < 0 ? place : 0;
}

static int barrier_part(void *arg)
{
  (void)arg;
  sp_barrier barrier;
  sp_task_group group;
  int result = sp_barrier_init(&barrier, 3);
  if (result == 0) result = sp_task_group_open(&group);
  if (result < 0) return result;
  for (int i = 0; result == 0 && i < 3; i++) {
    result = sp_task_group_spawn(&group, meet, &barrier);
  }
  result = sp_task_group_close(&group, result);
  return expected(result, SP_EGROUP);
}

static int produce(void *arg)
{
  int error = 0;
  for (int i = 0; error == 0 && i < 40; i++) error = sp_queue_put(arg, arg);
  sp_queue_shutdown(arg, false);
  return error;
}

static int after(const void *a, const void *b) { return (a > b) - (a < b); }

/* Everything that was put is got. */
static int pass_through(sp_queue *queue)
{
  if (!queue) return SP_ENOMEM;
  sp_task *producer = sp_create_task(produce, queue);
  int error = producer ? 0 : SP_ENOMEM;
  void *item;
  while (error == 0) error = sp_queue_get(queue, &item);
  int produced = producer ? sp_await(producer) : SP_ENOMEM;
  sp_queue_free(queue);
  return produced < 0 ? produced : expected(error, SP_ESHUTDOWN);
}

static int queues_part(void *arg)
{
  (void)arg;
  int result = pass_through(sp_queue_new(7));
  if (result == 0) result = pass_through(sp_lifo_queue_new(0));
  if (result == 0) result = pass_through(sp_priority_queue_new(0, after));
  return result;
}

static int yield_three(sp_generator *self, void *arg)
{
  int error = 0;
  for (int i = 0; error == 0 && i < 3; i++) {
    error = sp_sleep(0.1);
    if (error == 0) error = sp_yield(self, arg);
  }
  return error;
}

static int generators_part(void *arg)
{
  (void)arg;
  sp_generator *generator = sp_generator_new(yield_three, NULL);
  if (!generator) return SP_ENOMEM;
  void *value;
  int more = sp_generator_next(generator, &value);
  if (more > 0) more = sp_generator_close(generator);
  sp_generator_free(generator);
  return more;
}

static int yield_it(sp_generator *self, void *arg) { return sp_yield(self, arg); }

static int copied_from_afar(void)
{
  sp_task_options options = {.name = "from afar", .arg_size = sizeof(double)};
  sp_remote_task *remote =
      sp_run_coroutine_threadsafe_with(sp_loop_running(), nap, &(double){0.1}, &options);
  if (!remote) return SP_ENOMEM;
  int result = 0;
  while (result == 0 && !sp_remote_task_done(remote)) result = sp_sleep(0.05);
  int ended = sp_remote_task_result(remote, 0);
  sp_remote_task_free(remote);
  return result < 0 ? result : ended;
}

static int copies_part(void *arg)
{
  (void)arg;
  void *value;
  sp_generator *generator = sp_generator_new_copy(yield_it, &(double){0.1});
  int more = generator ? sp_generator_next(generator, &value) : SP_ENOMEM;
  sp_generator_free(generator);
  if (more < 0) return more;
  sp_task *task = sp_create_task_copy(nap, &(double[3000]){0.1});
  int result = task ? sp_await(task) : SP_ENOMEM;
  return result < 0 ? result : copied_from_afar();
}

static int locals_part(void *arg)
{
  static sp_local local = {"local", NULL};
  int error = sp_local_set(&local, arg);
  return error < 0 ? error : tasks_part(arg);
}

static int double_it(void *arg) { return *(int *)arg * 2; }

static int threads_part(void *arg)
{
  (void)arg;
  static int number = 21;
  int result = sp_to_thread(double_it, &number);
  if (result != 42) return result;
  sp_executor *executor = sp_executor_new(2);
  if (!executor) return SP_ENOMEM;
  result = sp_run_in_executor(executor, double_it, &number);
  sp_executor_free(executor);
  return result == 42 ? 0 : result;
}

static int leftover_part(void *arg)
{
  (void)arg;
  sp_task *tasks[3];
  int error = start_naps(tasks, 3);
  for (int i = 0; error == 0 && i < 3; i++) sp_task_detach(tasks[i]);
  return error;
}

static int text_part(void *arg)
{
  (void)arg;
  char text[200];
  sp_task *tasks[2];
  int error = start_naps(tasks, 2);
  if (error < 0) return error;
  error = sp_sleep(0.05);
  sp_task *known[4];
  if (sp_all_tasks(sp_loop_running(), known, 4) < 3) error = SP_EINVAL;
  sp_format_call_graph(tasks[0], text, sizeof text);
  sp_format_tasks(sp_loop_running(), text, sizeof text);
  let_go(tasks, 2);
  return error;
}

enum { FILE_SIZE = 90000, FIRST_PIECE = 5000 };

static char file_bytes[FILE_SIZE];

static int write_pieces(sp_file *file)
{
  int error = sp_file_write(file, file_bytes, FIRST_PIECE);
  if (error < 0) return error;
  error = sp_file_write(file, file_bytes + FIRST_PIECE, FILE_SIZE - FIRST_PIECE - 1);
  if (error < 0) return error;
  error = sp_file_write(file, file_bytes + FILE_SIZE - 1, 1);
  return error < 0 ? error : sp_file_commit(file);
}

static int files_part(void *arg)
{
  (void)arg;
  sp_file *file = sp_file_new("memory.bin");
  if (!file) return SP_ENOMEM;
  int error = write_pieces(file);
  sp_file_free(file);
  return error < 0 ? error : sp_write_file("memory.bin", file_bytes, FILE_SIZE);
}

static int read_part(void *arg)
{
  (void)arg;
  void *data;
  size_t size;
  int error = sp_read_file("memory.bin", &data, &size);
  if (error < 0) return error;
  bool same = size == FILE_SIZE && memcmp(data, file_bytes, size) == 0;
  free(data);
  return same ? 0 : SP_EINVAL;
}

static int give_twice(void *arg, void *buffer, size_t size)
{
  int *times = arg;
  memset(buffer, 'x', size);
  return (*times)++ < 2 ? (int)size : 0;
}

static int send_pieces(sp_session *session)
{
  char url[200];
  int times = 0;
  sp_response response;
  snprintf(url, sizeof url, "%secho?raw", server);
  sp_fetch_options options = {
      .read_body = give_twice, .read_body_arg = &times, .session = session, .timeout = 60};
  int status = sp_fetch(url, &options, &response);
  sp_response_free(&response);
  return status < 0 ? status : 0;
}

static int read_pieces(sp_session *session)
{
  char url[200], piece[10000];
  sp_response response;
  snprintf(url, sizeof url, "%sbytes/100000", server);
  sp_header header = {"X-Test", "memory"};
  sp_fetch_options options = {
      .session = session, .headers = &header, .header_count = 1, .timeout = 60};
  int result = sp_fetch_open(url, &options, &response);
  while (result > 0) result = sp_response_read(&response, piece, sizeof piece);
  sp_response_free(&response);
  return result;
}

static int fetch_part(void *arg)
{
  (void)arg;
  sp_session *session = sp_session_new(NULL);
  if (!session) return SP_ENOMEM;
  int result = read_pieces(session);
  if (result == 0) result = send_pieces(session);
  sp_session_free(session);
  return result;
}

/* --- the proof --- */

/* A task that failed for want of memory after it was let go has nobody to tell. But of the loop's
 * own tasks, which a failing run leaves behind, a program hears nothing. */
static void hear(sp_loop *loop, const sp_report *report, void *arg)
{
  (void)loop, (void)arg;
  char text[200] = "";
  if (report->future) sp_repr(report->future, text, sizeof text);
  bool own = strstr(text, "close_generators") || strstr(text, "await_threads");
  if (own) printf("%s: %s\n", report->message, text);
}

static int run_part(sp_coroutine *part)
{
  sp_loop_options options = {.virtual_clock = true};
  sp_loop *loop = sp_loop_new(&options);
  if (!loop) return SP_ENOMEM;
  sp_loop_set_exception_handler(loop, hear, NULL);
  int result = sp_loop_run(loop, part, NULL);
  sp_loop_free(loop);
  return result;
}

/* Whether all is well when the n-th allocation fails; *failed: there was such a one. */
static bool holds(const char *name, sp_coroutine *part, long n, bool and_all_after, bool *failed)
{
  long before = memory_blocks();
  memory_fails_at(n, and_all_after);
  int result = run_part(part);
  *failed = memory_has_failed();
  memory_fails_at(0, false);
  long left = memory_blocks() - before;
  bool clean = result == 0 || (*failed && result == SP_ENOMEM);
  if (clean && left == 0) return true;
  printf("%s: allocation %ld%s failed: %s, %ld blocks left\n", name, n,
         and_all_after ? " and all after it" : "", sp_error_name(result), left);
  return false;
}

static void prove(const char *name, sp_coroutine *part)
{
  bool well = true;
  for (int mode = 0; mode < 2; mode++) {
    bool failed = true;
    for (long n = 1; failed && n < ENDLESS; n++) well &= holds(name, part, n, mode == 1, &failed);
    well &= !failed;
  }
  printf("%s: %s\n", name, well ? "ok" : "failed");
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  prove("tasks", tasks_part);
  prove("eager start", eager_part);
  prove("cancellation", cancelled_part);
  prove("futures", futures_part);
  prove("callbacks", calls_part);
  prove("gather", gather_part);
  prove("gather_all", gather_all_part);
  prove("wait", wait_part);
  prove("wait_for", wait_for_part);
  prove("as_completed", as_completed_part);
  prove("shield", shield_part);
  prove("timeouts", timeout_part);
  prove("task groups", group_part);
  prove("locks", locks_part);
  prove("barriers", barrier_part);
  prove("queues", queues_part);
  prove("generators", generators_part);
  prove("copied arguments", copies_part);
  prove("task-locals", locals_part);
  prove("threads", threads_part);
  for (size_t i = 0; i < sizeof file_bytes; i++) file_bytes[i] = (char)(i % 251);
  prove("files", files_part);
  prove("reading files", read_part);
  prove("tasks that are left", leftover_part);
  prove("call graphs", text_part);
  prove("fetches", fetch_part);
  return 0;
}
