/* A cancelled wait comes back with the lock; who was notified and cancelled wakes another one. */
#include <stdio.h>

#include "spindle.h"

static sp_lock lock;
static sp_condition filled = {.lock = &lock};
static sp_condition emptied = {.lock = &lock};

static int waiter(void *name)
{
  sp_condition_acquire(&filled);
  int result = sp_condition_wait(&filled);
  printf("%s: %s, locked %d\n", (const char *)name, result == 0 ? "notified" : sp_error_message(),
         sp_lock_locked(&lock));
  sp_condition_release(&filled);
  return result;
}

/* The last request is what it hears of: the others came while it wanted the lock. */
static void comes_back_with_the_lock(void)
{
  static const char *const messages[] = {"first", "second", "third"};
  sp_task *a = sp_create_task(waiter, "a");
  sp_sleep(0);
  sp_lock_acquire(&lock);
  for (int i = 0; i < 3; i++) {
    sp_task_cancel(a, messages[i]);
    sp_sleep(0);
    printf("%s: a is done: %d\n", messages[i], sp_future_done(a));
  }
  sp_lock_release(&lock);
  printf("a: %d\n", sp_await(a) == SP_ECANCELED);
}

static void passes_on(void)
{
  sp_task *a = sp_create_task(waiter, "a");
  sp_task *b = sp_create_task(waiter, "b");
  sp_sleep(0);
  sp_lock_acquire(&lock);
  sp_condition_notify(&emptied, 1);
  sp_condition_notify(&filled, 1);
  sp_task_cancel(a, "a is not needed");
  sp_lock_release(&lock);
  printf("a: %d\n", sp_await(a) == SP_ECANCELED);
  printf("b: %d\n", sp_await(b));
}

static int run(void *arg)
{
  (void)arg;
  comes_back_with_the_lock();
  passes_on();
  return 0;
}

int main(void) { return sp_run(run, NULL); }
