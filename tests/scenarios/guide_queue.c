/* A producer and two consumers: put waits while the queue is full, join until all is done. */
#include <stdio.h>

#include "spindle.h"

static int consume(void *queue)
{
  for (;;) {
    void *item;
    int error = sp_queue_get(queue, &item);
    if (error < 0) return error; /* cancelled: nothing more will come */
    printf("working on %s\n", (const char *)item);
    error = sp_sleep(0.02);
    if (error < 0) return error;
    sp_queue_task_done(queue);
  }
}

static int run(void *arg)
{
  (void)arg;
  static char *const items[] = {"A", "B", "C", "D", "E", "F"};
  sp_queue *queue = sp_queue_new(2); /* at most two items wait in it */
  if (!queue) return SP_ENOMEM;
  sp_task *one = sp_create_task(consume, queue);
  sp_task *two = sp_create_task(consume, queue);
  int error = 0;
  for (int i = 0; error == 0 && i < 6; i++) error = sp_queue_put(queue, items[i]);
  if (error == 0) printf("all are put, %zu wait\n", sp_queue_size(queue));
  if (error == 0) error = sp_queue_join(queue);
  if (error == 0) printf("all are done\n");
  sp_task_cancel(one, NULL);
  sp_task_cancel(two, NULL);
  sp_await(one); /* SP_ECANCELED, as it should be */
  sp_await(two);
  sp_queue_free(queue); /* no task uses it any more */
  return error;
}

int main(void) { return sp_run(run, NULL); }
