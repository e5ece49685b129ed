/* A queue that is shut down takes nothing more, and lets go whoever waits for it. */
#include <stdio.h>

#include "spindle.h"

static sp_queue *queue;

static int put(void *item)
{
  int error = sp_queue_put(queue, item);
  printf("put %s: %s\n", (const char *)item, sp_strerror(error));
  return 0;
}

static int get(void *name)
{
  void *item;
  int error = sp_queue_get(queue, &item);
  printf("%s got %s\n", (const char *)name, error < 0 ? sp_error_message() : (const char *)item);
  return 0;
}

static int join(void *arg)
{
  (void)arg;
  printf("join: %d\n", sp_queue_join(queue));
  return 0;
}

static void waiting_to_get(void)
{
  queue = sp_queue_new(0);
  sp_task *a = sp_create_task(get, "a");
  sp_task *b = sp_create_task(get, "b");
  sp_sleep(0);
  sp_queue_put_nowait(queue, "A");
  sp_queue_shutdown(queue, false);
  sp_await(a);
  sp_await(b);
  put("B");
  sp_queue_free(queue);
}

static void fill(void)
{
  queue = sp_queue_new(1);
  sp_queue_put_nowait(queue, "A");
}

static void the_rest_can_be_got(void)
{
  fill();
  sp_task *b = sp_create_task(put, "B");
  sp_sleep(0);
  sp_queue_shutdown(queue, false);
  sp_await(b);
  get("main");
  get("main");
  sp_queue_free(queue);
}

static void immediate(void)
{
  fill();
  sp_task *b = sp_create_task(put, "B");
  sp_task *joins = sp_create_task(join, NULL);
  sp_sleep(0);
  sp_queue_shutdown(queue, true);
  printf("size %zu, task_done %d\n", sp_queue_size(queue), sp_queue_task_done(queue) == SP_EINVAL);
  sp_await(b);
  sp_await(joins);
  get("main");
  sp_queue_free(queue);
}

static int run(void *arg)
{
  (void)arg;
  waiting_to_get();
  the_rest_can_be_got();
  immediate();
  return 0;
}

int main(void) { return sp_run(run, NULL); }
