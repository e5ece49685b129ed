/* What is ready runs first in, first out: tasks, callbacks and bare yields share one queue. */
#include <stdio.h>

#include "spindle.h"

static void callback(void *name) { printf("callback %s\n", (const char *)name); }

static int worker(void *name)
{
  for (int i = 0; i < 3; i++) {
    printf("%s %d\n", (const char *)name, i);
    sp_sleep(0);
  }
  sp_loop_call_soon(sp_loop_running(), callback, name);
  printf("%s ends\n", (const char *)name);
  return 0;
}

static int run(void *arg)
{
  (void)arg;
  sp_loop *loop = sp_loop_running();
  sp_loop_call_soon(loop, callback, "first");
  sp_task *a = sp_create_task(worker, "a");
  sp_loop_call_soon(loop, callback, "second");
  sp_task *b = sp_create_task(worker, "b");
  sp_handle never = sp_loop_call_soon(loop, callback, "never");
  sp_handle_cancel(never);
  printf("main waits\n");
  printf("a gave %d\n", sp_await(a));
  printf("b gave %d\n", sp_await(b));
  sp_handle_cancel(never); /* its memory may be another call's by now */
  printf("main ends\n");
  return 0;
}

int main(void) { return sp_run(run, NULL); }
