/* A semaphore lets so many in and no more, in the order of asking, whoever is cancelled. */
#include <stdio.h>

#include "spindle.h"

static sp_semaphore semaphore;
static int inside;

static int worker(void *name)
{
  int error = sp_semaphore_acquire(&semaphore);
  if (error < 0) {
    printf("%s: %s\n", (const char *)name, sp_error_message());
    return error;
  }
  printf("%s is in, with %d\n", (const char *)name, ++inside);
  sp_sleep(0);
  sp_sleep(0);
  inside--;
  return sp_semaphore_release(&semaphore);
}

static void two_at_a_time(void)
{
  static char names[5][2] = {"a", "b", "c", "d", "e"};
  sp_task *tasks[5];
  sp_semaphore_init(&semaphore, 2);
  for (int i = 0; i < 5; i++) tasks[i] = sp_create_task(worker, names[i]);
  sp_sleep(0);
  printf("locked %d\n", sp_semaphore_locked(&semaphore));
  for (int i = 0; i < 5; i++) sp_await(tasks[i]);
  printf("locked %d, value %d\n", sp_semaphore_locked(&semaphore), semaphore.value);
}

static void cancelled(void)
{
  sp_semaphore_init(&semaphore, 0);
  sp_task *a = sp_create_task(worker, "a");
  sp_task *b = sp_create_task(worker, "b");
  sp_task *c = sp_create_task(worker, "c");
  sp_sleep(0);
  sp_task_cancel(a, "a waited in vain");
  sp_semaphore_release(&semaphore);
  sp_task_cancel(b, "b had the permit and gives it to c");
  sp_await(a);
  sp_await(b);
  sp_await(c);
  printf("value %d\n", semaphore.value);
}

static int run(void *arg)
{
  (void)arg;
  two_at_a_time();
  cancelled();
  return 0;
}

int main(void) { return sp_run(run, NULL); }
