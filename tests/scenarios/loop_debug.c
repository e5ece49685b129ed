/* Debug mode: what was slow is reported, and a call for the loop from another thread is refused.
 * @stderr Executing <Task pending name='slow' coro=<blocks\(\) running at \w+.c:\d+>> took \d
 * @stderr Executing a callback took \d+\.\d\d\d seconds
 * @stderr Task exception was never retrieved\nfuture: <Task finished name='Task-\d+' coro=<fails
 * @stderr created at: /?tests/scenarios/loop_debug.c:\d+ */
#include <stdio.h>

#include "spindle.h"

static void block(void *loop)
{
  double until = sp_loop_time(loop) + 0.02;
  while (sp_loop_time(loop) < until) continue;
}

static int blocks(void *loop)
{
  block(loop);
  return 0;
}

static int fails(void *arg)
{
  (void)arg;
  return SP_EUSER;
}

static void called(void *arg) { printf("called: %s\n", (const char *)arg); }

static int from_a_thread(void *loop)
{
  if (!sp_has_threads()) return 1;
  bool refused = !sp_loop_call_soon(loop, called, "never").call;
  refused = refused && !sp_loop_call_later(loop, 0, called, "never").call;
  refused = refused && !sp_loop_call_at(loop, 0, called, "never").call;
  return refused ? sp_fail(SP_EUSER, "%s", sp_error_message()) : 0;
}

static int run(void *arg)
{
  sp_loop *loop = arg;
  printf("%d %.1f\n", sp_loop_debug(loop), sp_loop_slow_callback_duration(loop));
  sp_task_options options = {.name = "slow"};
  sp_loop_set_slow_callback_duration(loop, 0.01);
  sp_await(sp_create_task_with(blocks, loop, &options));
  sp_loop_call_soon(loop, block, loop);
  sp_sleep(0);
  sp_task_detach(sp_create_task(fails, NULL));
  sp_sleep(0);
  int outcome = sp_to_thread(from_a_thread, loop);
  bool expected = outcome == (sp_has_threads() ? SP_EUSER : 1);
  printf("from a thread: %d\n", expected);
  sp_loop_set_debug(loop, false);
  sp_await(sp_create_task_with(blocks, loop, &options));
  sp_loop_call_soon(loop, called, "from its own");
  return sp_sleep(0);
}

int main(void)
{
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.debug = true});
  int result = sp_loop_run(loop, run, loop);
  sp_loop_free(loop);
  return result;
}
