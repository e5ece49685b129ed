/* A lock is passed on in the order of asking; nobody overtakes, whoever is cancelled meanwhile. */
#include <stdio.h>

#include "spindle.h"

static sp_lock lock;

static int worker(void *name)
{
  int error = sp_lock_acquire(&lock);
  if (error < 0) {
    printf("%s: %s\n", (const char *)name, sp_error_message());
    return error;
  }
  printf("%s has it\n", (const char *)name);
  sp_sleep(0);
  printf("%s lets go\n", (const char *)name);
  return sp_lock_release(&lock);
}

static void in_turn(void)
{
  sp_task *a = sp_create_task(worker, "a");
  sp_task *b = sp_create_task(worker, "b");
  sp_sleep(0);
  printf("main asks while a has it: locked %d\n", sp_lock_locked(&lock));
  worker("main");
  sp_await(a);
  sp_await(b);
  printf("locked %d\n", sp_lock_locked(&lock));
}

static void nobody_overtakes(void)
{
  sp_lock_acquire(&lock);
  sp_task *a = sp_create_task(worker, "a");
  sp_sleep(0);
  sp_lock_release(&lock);
  printf("released, and a has not run: locked %d\n", sp_lock_locked(&lock));
  worker("main");
  sp_await(a);
}

static void cancelled_while_it_waits(void)
{
  sp_lock_acquire(&lock);
  sp_task *a = sp_create_task(worker, "a");
  sp_task *b = sp_create_task(worker, "b");
  sp_sleep(0);
  sp_task_cancel(a, "a is not needed");
  sp_lock_release(&lock);
  printf("a: %s\n", sp_await(a) == SP_ECANCELED ? "cancelled" : "not cancelled");
  sp_await(b);
}

static void cancelled_when_it_was_its_turn(void)
{
  sp_lock_acquire(&lock);
  sp_task *a = sp_create_task(worker, "a");
  sp_task *b = sp_create_task(worker, "b");
  sp_sleep(0);
  sp_lock_release(&lock);
  sp_task_cancel(a, "too late for a");
  printf("a: %s\n", sp_await(a) == SP_ECANCELED ? "cancelled" : "not cancelled");
  sp_await(b);
}

static int run(void *arg)
{
  (void)arg;
  in_turn();
  nobody_overtakes();
  cancelled_while_it_waits();
  cancelled_when_it_was_its_turn();
  return 0;
}

int main(void) { return sp_run(run, NULL); }
