/* Calls from a thread come in order, before the thread's result, and wake a loop that waits. */
#include <stdio.h>

#include "spindle.h"

static void say(void *word) { puts(word); }

static void tell(void *future) { sp_future_set_result(future, 7); }

static int work(void *loop)
{
  sp_loop_call_soon_threadsafe(loop, say, "first");
  sp_loop_call_soon_threadsafe(loop, say, "second");
  return 42;
}

typedef struct bell {
  sp_loop *loop;
  sp_future *rung;
} bell;

static int ring(void *arg)
{
  bell *the = arg;
  sp_loop_call_soon_threadsafe(the->loop, tell, the->rung);
  return 0;
}

static int ring_in_thread(void *arg) { return sp_to_thread(ring, arg); }

static int run(void *arg)
{
  (void)arg;
  sp_loop *loop = sp_loop_running();
  printf("result: %d\n", sp_to_thread(work, loop));

  bell the = {.loop = loop, .rung = sp_future_new()};
  sp_task *ringer = sp_create_task(ring_in_thread, &the);
  printf("rung: %d\n", sp_await(the.rung));
  sp_await(ringer);
  sp_future_free(the.rung);

  puts("on the loop's own thread:");
  sp_loop_call_soon(loop, say, "a");
  sp_handle cancelled = sp_loop_call_soon_threadsafe(loop, say, "never");
  sp_loop_call_soon_threadsafe(loop, say, "b");
  sp_loop_call_soon(loop, say, "c");
  sp_handle_cancel(cancelled);
  sp_sleep(0);
  puts("end");
  return 0;
}

int main(void) { return sp_run(run, NULL); }
