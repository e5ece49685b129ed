/* Closing a loop with tasks that are not done: they are reported and never go on.
 * @stderr Task was destroyed but it is pending!\nfuture: <Task pending name='asleep' coro=<
 * @stderr Task was destroyed but it is pending!\nfuture: <Task pending name='unborn' coro=< */
#include <stdio.h>

#include "spindle.h"

static int sleeps(void *arg)
{
  (void)arg;
  printf("begins\n");
  sp_sleep(60);
  printf("never\n");
  return 0;
}

static void never(void *arg)
{
  (void)arg;
  printf("never\n");
}

static void when_done(sp_future *future, void *arg)
{
  (void)future, (void)arg;
  printf("never\n");
}

int main(void)
{
  sp_loop *loop = sp_loop_new(NULL);
  sp_task_options options = {.name = "asleep"};
  sp_task *asleep = sp_loop_create_task_from(loop, sleeps, NULL, &options, "sleeps", SP_HERE);
  sp_future_add_done_callback(asleep, when_done, NULL);
  sp_loop_stop(loop);
  sp_loop_run_forever(loop);
  options.name = "unborn";
  sp_loop_create_task_from(loop, sleeps, NULL, &options, "sleeps", SP_HERE);
  sp_loop_call_soon(loop, never, NULL);
  sp_loop_call_later(loop, 0, never, NULL);
  printf("close: %d\n", sp_loop_close(loop));
  bool refused = !sp_loop_create_task(loop, sleeps, NULL);
  printf("create_task: %d, %s\n", refused, sp_error_message());
  return sp_loop_free(loop);
}
