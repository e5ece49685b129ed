/* Cancelling the caller takes back what has not begun; what has runs on, and sp_run waits for it.
 * @threads */
#include <stdatomic.h>
#include <stdio.h>

#include "spindle.h"

static sp_executor *pool;
static atomic_bool begun, go;

static int blocks(void *arg)
{
  (void)arg;
  atomic_store(&begun, true);
  while (!atomic_load(&go)) continue;
  puts("ran on");
  return 0;
}

static int says(void *word)
{
  puts(word);
  return 0;
}

static int block_in_pool(void *arg) { return sp_run_in_executor(pool, blocks, arg); }

static int say_in_pool(void *word) { return sp_run_in_executor(pool, says, word); }

static int run(void *arg)
{
  (void)arg;
  sp_task *running = sp_create_task(block_in_pool, NULL);
  sp_task *queued = sp_create_task(say_in_pool, "never");
  sp_task *last = sp_create_task(say_in_pool, "last");
  while (!atomic_load(&begun)) sp_sleep(0.001);

  sp_task_cancel(queued, "not needed");
  int result = sp_await(queued);
  printf("queued: %s: %s\n", sp_error_name(result), sp_error_message());
  sp_task_cancel(running, NULL);
  printf("running: %s\n", sp_error_name(sp_await(running)));
  atomic_store(&go, true);
  printf("last: %d\n", sp_await(last));

  atomic_store(&begun, false);
  atomic_store(&go, false);
  sp_task_detach(sp_create_task(block_in_pool, NULL));
  while (!atomic_load(&begun)) sp_sleep(0.001);
  atomic_store(&go, true);
  return 0;
}

int main(void)
{
  pool = sp_executor_new(1);
  int result = sp_run(run, NULL);
  puts("end");
  sp_executor_free(pool);
  return result;
}
