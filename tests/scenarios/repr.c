/* A repr tells what a task is doing, and where. */
#include <stdio.h>

#include "spindle.h"

static int spin(void *arg)
{
  (void)arg;
  sp_sleep(10);
  sp_sleep(0.01);
  return 42;
}

static void show(const sp_future *future)
{
  char text[200];
  sp_repr(future, text, sizeof text);
  printf("%s\n", text);
}

static int run(void *arg)
{
  (void)arg;
  sp_task *task = sp_create_task(spin, NULL);
  show(task);
  sp_sleep(0);
  show(task);
  printf("%s\n", sp_task_name(task));
  sp_task_set_name(task, "spinner");
  sp_task_cancel(task, NULL);
  show(task);
  sp_task_ref(task);
  sp_await(task);
  show(task);
  sp_task_detach(task);
  task = sp_create_task(spin, NULL);
  sp_task_cancel(task, NULL);
  sp_task_ref(task);
  sp_await(task);
  show(task);
  sp_task_detach(task);
  sp_future *future = sp_future_new();
  show(future);
  sp_future_set_error(future, SP_ETIMEDOUT, "too slow");
  show(future);
  printf("%s\n", sp_error_name(sp_future_error(future)));
  sp_future_free(future);
  show(sp_task_current());
  char little[10];
  printf("cut: %zu", sp_repr(sp_task_current(), little, sizeof little));
  printf(" %s\n", little);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
