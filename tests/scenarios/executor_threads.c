/* A pool starts a thread only when none is idle, and never more than it may.
 * @threads */
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

#include "spindle.h"

static sp_executor *pool;
static atomic_int running, most, open;

/* The thread's name. */
static int where(void *thread)
{
  static _Thread_local char here;
  *(const void **)thread = &here;
  return 0;
}

/* Ends when as many run as it is told to wait for. */
static int meet(void *arg)
{
  int now = atomic_fetch_add(&running, 1) + 1;
  if (now > atomic_load(&most)) atomic_store(&most, now);
  while (atomic_load(&running) < (int)(intptr_t)arg && !atomic_load(&open)) continue;
  atomic_store(&open, 1);
  atomic_fetch_sub(&running, 1);
  return now;
}

static int meet_in_pool(void *arg) { return sp_run_in_executor(pool, meet, arg); }

static int run(void *arg)
{
  (void)arg;
  const void *first, *second, *other;
  sp_run_in_executor(pool, where, &first);
  sp_run_in_executor(pool, where, &second);
  printf("an idle thread is used again: %d\n", first == second);
  sp_run_in_executor(NULL, where, &other);
  printf("another pool has others: %d\n", first != other);

  sp_task *tasks[5];
  for (int i = 0; i < 5; i++) tasks[i] = sp_create_task(meet_in_pool, (void *)(intptr_t)2);
  for (int i = 0; i < 5; i++) sp_await(tasks[i]);
  printf("two ran at once: %d\n", atomic_load(&most));
  return 0;
}

int main(void)
{
  pool = sp_executor_new(2);
  int result = sp_run(run, NULL);
  sp_executor_free(pool);
  return result;
}
