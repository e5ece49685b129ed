/* A queue makes those wait who put too much or get too soon, and serves them in their order. */
#include <stdio.h>

#include "spindle.h"

static sp_queue *queue;
static char *const letters[] = {"A", "B", "C", "D", "E"};

static int producer(void *arg)
{
  (void)arg;
  for (int i = 0; i < 5; i++) {
    sp_queue_put(queue, letters[i]);
    printf("put %s, size %zu\n", letters[i], sp_queue_size(queue));
  }
  return 0;
}

static int consumer(void *name)
{
  void *item;
  int error = sp_queue_get(queue, &item);
  if (error < 0) {
    printf("%s: %s\n", (const char *)name, sp_error_message());
    return error;
  }
  printf("%s got %s\n", (const char *)name, (const char *)item);
  return 0;
}

static void a_full_queue(void)
{
  queue = sp_queue_new(2);
  sp_task *task = sp_create_task(producer, NULL);
  sp_sleep(0);
  bool refused = sp_queue_put_nowait(queue, "F") == SP_EFULL;
  printf("full %d, refused %d, maxsize %d\n", sp_queue_full(queue), refused,
         sp_queue_maxsize(queue));
  for (int i = 0; i < 5; i++) consumer("main");
  sp_await(task);
  void *item;
  refused = sp_queue_get_nowait(queue, &item) == SP_EEMPTY;
  printf("empty %d, refused %d\n", sp_queue_empty(queue), refused);
  sp_queue_free(queue);
}

static void an_empty_queue(void)
{
  queue = sp_queue_new(0);
  sp_task *a = sp_create_task(consumer, "a");
  sp_task *b = sp_create_task(consumer, "b");
  sp_task *c = sp_create_task(consumer, "c");
  sp_task *d = sp_create_task(consumer, "d");
  sp_sleep(0);
  sp_task_cancel(a, "a waited in vain");
  sp_queue_put_nowait(queue, "A");
  sp_task_cancel(b, "b was woken, and c gets it");
  sp_await(a);
  sp_await(b);
  sp_await(c);
  sp_queue_put_nowait(queue, "B");
  printf("main is quicker than d\n");
  consumer("main");
  sp_sleep(0);
  sp_queue_put_nowait(queue, "C");
  sp_await(d);
  sp_queue_free(queue);
}

static int worker(void *arg)
{
  (void)arg;
  void *item;
  while (sp_queue_get(queue, &item) == 0) {
    sp_sleep(0);
    printf("done with %s\n", (const char *)item);
    sp_queue_task_done(queue);
  }
  return SP_ECANCELED;
}

static void until_all_is_done(void)
{
  queue = sp_queue_new(0);
  for (int i = 0; i < 3; i++) sp_queue_put(queue, letters[i]);
  sp_task *task = sp_create_task(worker, NULL);
  printf("join %d\n", sp_queue_join(queue));
  sp_task_cancel(task, NULL);
  sp_await(task);
  printf("join again %d\n", sp_queue_join(queue));
  sp_queue_free(queue);
}

static int run(void *arg)
{
  (void)arg;
  a_full_queue();
  an_empty_queue();
  until_all_is_done();
  return 0;
}

int main(void) { return sp_run(run, NULL); }
