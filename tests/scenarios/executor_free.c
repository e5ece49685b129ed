/* A pool is freed though its threads have hardly begun, or never had work, or run on for nobody.
 * @threads */
#include <stdatomic.h>
#include <stdio.h>

#include "spindle.h"

static sp_executor *pool;
static atomic_bool begun, ended;

static int nothing(void *arg) { return arg == NULL; }

static int slow(void *arg)
{
  (void)arg;
  atomic_store(&begun, true);
  for (volatile int i = 0; i < 20000000; i++) continue;
  atomic_store(&ended, true);
  return 0;
}

static int nothing_in_pool(void *arg) { return sp_run_in_executor(pool, nothing, arg); }

static int slow_in_pool(void *arg) { return sp_run_in_executor(pool, slow, arg); }

static int cancelled_at_once(void *arg)
{
  pool = sp_executor_new(3);
  sp_task *tasks[3];
  for (int i = 0; i < 3; i++) tasks[i] = sp_create_task(nothing_in_pool, arg);
  sp_sleep(0);
  for (int i = 0; i < 3; i++) sp_task_cancel(tasks[i], NULL);
  for (int i = 0; i < 3; i++) printf("%s\n", sp_error_name(sp_await(tasks[i])));
  sp_executor_free(pool);
  return 0;
}

static int cancelled_while_it_runs(void *arg)
{
  pool = sp_executor_new(1);
  sp_task *task = sp_create_task(slow_in_pool, arg);
  while (!atomic_load(&begun)) sp_sleep(0.001);
  sp_task_cancel(task, NULL);
  printf("%s\n", sp_error_name(sp_await(task)));
  sp_executor_free(pool);
  printf("ended: %d\n", atomic_load(&ended));
  return 0;
}

static int run(void *arg)
{
  sp_executor_free(sp_executor_new(128));
  cancelled_at_once(arg);
  return cancelled_while_it_runs(arg);
}

int main(void) { return sp_run(run, NULL); }
