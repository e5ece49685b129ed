/* What locks, semaphores, barriers and queues refuse, in asyncio's words; what callbacks may do. */
#include <stdio.h>

#include "spindle.h"

static sp_lock lock;
static sp_event event;
static sp_condition condition;
static sp_semaphore semaphore;
static sp_barrier barrier;
static sp_queue *queue;

static void show(int code)
{
  if (code < 0) {
    printf("%s: %s\n", sp_error_name(code), sp_error_message());
  } else {
    printf("%d\n", code);
  }
}

static int fails(void *arg)
{
  (void)arg;
  return sp_fail(SP_EUSER - 1, "no predicate");
}

static void misuse(void)
{
  show(sp_lock_release(&lock));
  show(sp_condition_release(&condition));
  show(sp_condition_wait(&condition));
  show(sp_condition_notify(&condition, 1));
  show(sp_condition_notify_all(&condition));
  show(sp_condition_wait_for(&condition, fails, NULL));
  show(sp_semaphore_init(&semaphore, -1));
  show(sp_semaphore_init_bounded(&semaphore, 1));
  show(sp_semaphore_release(&semaphore));
  show(sp_barrier_init(&barrier, 0));
  show(sp_queue_task_done(queue));
}

/* Waiting is for tasks, even where there would be nothing to wait for. */
static void callback(void *arg)
{
  sp_future *called = arg;
  int item = 0;
  void *got;
  show(sp_lock_acquire(&lock));
  show(sp_event_wait(&event));
  show(sp_condition_wait_for(&condition, fails, NULL));
  show(sp_semaphore_acquire(&semaphore));
  show(sp_barrier_wait(&barrier));
  show(sp_queue_put(queue, &item));
  show(sp_queue_get(queue, &got));
  show(sp_queue_join(queue));
  show(sp_queue_put_nowait(queue, &item));
  show(sp_queue_get_nowait(queue, &got));
  printf("got it: %d\n", got == &item);
  show(sp_queue_get_nowait(queue, &got));
  sp_event_set(&event);
  sp_future_set_result(called, 0);
}

static int run(void *arg)
{
  (void)arg;
  queue = sp_queue_new(0);
  misuse();
  sp_future *called = sp_future_new();
  sp_loop_call_soon(sp_loop_running(), callback, called);
  printf("event: %d\n", sp_event_wait(&event));
  sp_await(called);
  sp_future_free(called);
  sp_queue_free(queue);
  sp_queue_free(NULL);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
