/* A condition wakes as many as it is told to, and who wakes has the lock. */
#include <stdio.h>

#include "spindle.h"

static sp_condition condition;
static int stock;

static int waiter(void *name)
{
  sp_condition_acquire(&condition);
  int result = sp_condition_wait(&condition);
  printf("%s woke, locked %d\n", (const char *)name, sp_condition_locked(&condition));
  sp_condition_release(&condition);
  return result;
}

static void notify(size_t count)
{
  sp_condition_acquire(&condition);
  sp_condition_notify(&condition, count);
  sp_condition_release(&condition);
}

static void some_and_all(void)
{
  sp_task *tasks[4];
  static char names[4][2] = {"a", "b", "c", "d"};
  for (int i = 0; i < 4; i++) tasks[i] = sp_create_task(waiter, names[i]);
  sp_sleep(0);
  notify(1);
  sp_await(tasks[0]);
  printf("one woke: %d\n", !sp_future_done(tasks[1]));
  notify(2);
  sp_await(tasks[1]);
  sp_await(tasks[2]);
  sp_condition_acquire(&condition);
  sp_condition_notify_all(&condition);
  printf("all are notified, but main has the lock\n");
  sp_sleep(0);
  sp_condition_release(&condition);
  sp_await(tasks[3]);
}

static int enough(void *arg) { return stock >= *(int *)arg ? stock : 0; }

static int buyer(void *wanted)
{
  sp_condition_acquire(&condition);
  int found = sp_condition_wait_for(&condition, enough, wanted);
  stock -= *(int *)wanted;
  printf("wanted %d, found %d\n", *(int *)wanted, found);
  return sp_condition_release(&condition);
}

static void until_it_is_so(void)
{
  static int two = 2, three = 3;
  sp_task *a = sp_create_task(buyer, &three);
  sp_task *b = sp_create_task(buyer, &two);
  for (int i = 0; i < 5; i++) {
    sp_sleep(0);
    sp_condition_acquire(&condition);
    printf("stock %d\n", ++stock);
    sp_condition_notify_all(&condition);
    sp_condition_release(&condition);
    sp_sleep(0);
  }
  sp_await(a);
  sp_await(b);
}

static int run(void *arg)
{
  (void)arg;
  some_and_all();
  until_it_is_so();
  return 0;
}

int main(void) { return sp_run(run, NULL); }
