/* A thread counts primes: it asks the loop how far, and tells the loop when it is done.
 * @threads */
#include <stdio.h>

#include "spindle.h"

static sp_loop *loop;

static int ask(void *part) /* a coroutine, on the loop */
{
  return sp_sleep(0.01) < 0 ? SP_ECANCELED : 1000 * *(int *)part;
}

static void report(void *part) { printf("part %d is counted\n", *(int *)part); }

static int count_primes(void *part) /* in a thread */
{
  sp_remote_task *task = sp_run_coroutine_threadsafe(loop, ask, part);
  int limit = sp_remote_task_result(task, 10); /* blocks this thread only */
  sp_remote_task_free(task);
  int count = 0;
  for (int n = 2; n < limit; n++) {
    int divisor = 2;
    while (n % divisor != 0) divisor++;
    count += divisor == n;
  }
  sp_loop_call_soon_threadsafe(loop, report, part);
  return limit < 0 ? limit : count;
}

static int run(void *pool)
{
  loop = sp_loop_running();
  for (int part = 1; part <= 3; part++) {
    printf("%d primes below %d\n", sp_run_in_executor(pool, count_primes, &part), 1000 * part);
  }
  return 0;
}

int main(void)
{
  sp_executor *pool = sp_executor_new(2);
  sp_run(run, pool);
  sp_executor_free(pool);
}
