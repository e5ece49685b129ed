/* On the loop's own thread what a remote task does comes in the order in which it was asked for. */
#include <stdio.h>

#include "spindle.h"

static void say(void *word) { puts(word); }

static int works(void *arg)
{
  (void)arg;
  puts("works: begins");
  int result = sp_sleep(0);
  printf("works: %s\n", sp_error_name(result));
  return result < 0 ? result : 5;
}

/* Says how it stands with the task in each iteration. */
static void watch(sp_remote_task *task, int iterations)
{
  for (int i = 0; i < iterations; i++) {
    printf("%d: done %d\n", i, sp_remote_task_done(task));
    sp_sleep(0);
  }
}

static int run(void *arg)
{
  (void)arg;
  sp_loop *loop = sp_loop_running();
  sp_loop_call_soon(loop, say, "a");
  sp_remote_task *task = sp_run_coroutine_threadsafe(loop, works, NULL);
  sp_loop_call_soon(loop, say, "b");
  watch(task, 5);
  printf("result: %d\n", sp_remote_task_result(task, 0));
  sp_remote_task_free(task);

  puts("cancelled before it began");
  task = sp_run_coroutine_threadsafe(loop, works, NULL);
  printf("cancel: %d\n", sp_remote_task_cancel(task));
  watch(task, 5);
  int result = sp_remote_task_result(task, 0);
  printf("result: %s\n", sp_error_name(result));
  sp_remote_task_free(task);

  puts("cancelled while it runs, and let go");
  task = sp_run_coroutine_threadsafe(loop, works, NULL);
  watch(task, 2);
  printf("cancel: %d\n", sp_remote_task_cancel(task));
  sp_loop_call_soon(loop, say, "c");
  sp_remote_task_free(task);
  for (int i = 0; i < 3; i++) {
    printf("%d\n", i);
    sp_sleep(0);
  }
  return 0;
}

int main(void) { return sp_run(run, NULL); }
