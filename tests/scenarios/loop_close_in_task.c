/* A task of one loop closes another loop of its thread, whose run was stopped while its tasks waited
 * for a thread: what has not begun there never runs.
 * @targets native */
#include <math.h>
#include <stdio.h>

#include "spindle.h"

static sp_loop *one, *other;
static sp_executor *pool; /* of one thread, which the first loop's function keeps */
static sp_event begun, closed, never;

static int waits_for_close(void *arg)
{
  (void)arg;
  sp_event_set(&begun);
  return sp_event_wait(&closed);
}

static int keeps_the_thread(void *arg)
{
  sp_remote_task *remote = sp_run_coroutine_threadsafe(one, waits_for_close, arg);
  int result = remote ? sp_remote_task_result(remote, INFINITY) : SP_ENOMEM;
  sp_remote_task_free(remote);
  return result;
}

static int first(void *arg) { return sp_run_in_executor(pool, keeps_the_thread, arg); }

/* Its loop is stopped and run again before it goes on. */
static int closes(void *arg)
{
  sp_task *task = sp_create_task(first, arg);
  int error = sp_event_wait(&begun);
  sp_loop_stop(one);
  if (error == 0) error = sp_sleep(0);
  if (error == 0) error = sp_loop_free(other);
  printf("closed: %d\n", error);
  sp_event_set(&closed);
  return sp_await(task);
}

static int too_late(void *arg)
{
  (void)arg;
  printf("never\n");
  return 0;
}

static int later(void *arg) { return sp_run_in_executor(pool, too_late, arg); }

static int stops(void *arg)
{
  for (int i = 0; i < 3; i++) sp_task_detach(sp_create_task(later, arg));
  int error = sp_sleep(0);
  sp_loop_stop(other);
  return error < 0 ? error : sp_event_wait(&never);
}

/* Each task is destroyed while it is pending. */
static void count(sp_loop *loop, const sp_report *report, void *arg)
{
  (void)loop, (void)report;
  ++*(int *)arg;
}

int main(void)
{
  int destroyed = 0;
  one = sp_loop_new(NULL);
  other = sp_loop_new(NULL);
  pool = sp_executor_new(1);
  if (!one || !other || !pool) return 1;
  sp_loop_set_exception_handler(other, count, &destroyed);
  sp_task *task = sp_loop_create_task(one, closes, NULL);
  sp_task *stopper = sp_loop_create_task(other, stops, NULL);
  printf("%s\n", sp_error_name(sp_loop_run_until_complete(one, task)));
  printf("%s\n", sp_error_name(sp_loop_run_until_complete(other, stopper)));
  printf("%d\n", sp_loop_run_until_complete(one, task));
  printf("%d destroyed\n", destroyed);
  sp_task_detach(task);
  sp_executor_free(pool);
  return sp_loop_free(one);
}
