/* A loop that one thread made and another runs: what the first sends is taken wherever the second is,
 * also before it has begun.
 * @targets native */
#include <math.h>
#include <pthread.h>
#include <stdio.h>

#include "spindle.h"

enum { ROUNDS = 100, CALLS = 20 };

static void *run_loop(void *loop)
{
  sp_loop_run_forever(loop);
  return NULL;
}

static void count(void *calls) { ++*(int *)calls; }

static void stop(void *loop) { sp_loop_stop(loop); }

static int doubles(void *number)
{
  int error = sp_sleep(0);
  return error < 0 ? error : 2 * *(int *)number;
}

static int send(sp_loop *loop, int *calls)
{
  for (int i = 0; i < CALLS; i++) sp_loop_call_soon_threadsafe(loop, count, calls);
  int number = 21;
  sp_remote_task *task = sp_run_coroutine_threadsafe(loop, doubles, &number);
  int result = sp_remote_task_result(task, INFINITY);
  sp_remote_task_free(task);
  sp_loop_call_soon_threadsafe(loop, stop, loop);
  return result;
}

int main(void)
{
  int calls = 0;
  int results = 0;
  for (int i = 0; i < ROUNDS; i++) {
    pthread_t thread;
    sp_loop *loop = sp_loop_new(NULL);
    if (pthread_create(&thread, NULL, run_loop, loop) != 0) return 1;
    results += send(loop, &calls);
    pthread_join(thread, NULL);
    sp_loop_free(loop);
  }
  printf("calls: %d, results: %d\n", calls, results);
  return calls == ROUNDS * CALLS && results == ROUNDS * 42 ? 0 : 1;
}
