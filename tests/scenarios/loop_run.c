/* A loop of one's own: run until a future is done, again, for ever till it is stopped, closed. */
#include <stdio.h>

#include "spindle.h"

static void says(void *text) { printf("%s\n", (const char *)text); }

static void stops(void *arg)
{
  printf("stopping\n");
  sp_loop *loop = arg;
  sp_loop_call_soon(loop, says, "after the run that was stopped");
  sp_loop_stop(loop);
  printf("running still: %d\n", sp_loop_is_running(loop));
}

static int answers(void *arg)
{
  printf("in its loop: %d\n", sp_loop_running() == (sp_loop *)arg);
  sp_sleep(0);
  return 42;
}

static int fails(void *arg)
{
  (void)arg;
  return sp_fail(SP_EUSER, "no answer");
}

static int stops_and_sleeps(void *arg)
{
  sp_loop_stop((sp_loop *)arg);
  sp_sleep(0);
  printf("goes on in the next run\n");
  return 5;
}

static void until_complete(sp_loop *loop)
{
  sp_task *task = sp_loop_create_task(loop, answers, loop);
  printf("running: %d\n", sp_loop_is_running(loop));
  printf("first: %d\n", sp_loop_run_until_complete(loop, task));
  printf("done already: %d\n", sp_loop_run_until_complete(loop, task));
  sp_task_detach(task);
  task = sp_loop_create_task(loop, fails, NULL);
  printf("error: %d", sp_loop_run_until_complete(loop, task));
  printf(", %s\n", sp_error_message());
  sp_task_detach(task);
  sp_future *future = sp_loop_create_future(loop);
  sp_future_set_result(future, 7);
  printf("future: %d\n", sp_loop_run_until_complete(loop, future));
  sp_future_free(future);
}

static void stopped_before_it_is_done(sp_loop *loop)
{
  sp_task *task = sp_loop_create_task(loop, stops_and_sleeps, loop);
  bool refused = sp_loop_run_until_complete(loop, task) == SP_EINVALIDSTATE;
  printf("refused: %d, %s\n", refused, sp_error_message());
  printf("again: %d\n", sp_loop_run_until_complete(loop, task));
  sp_task_detach(task);
}

static void for_ever(sp_loop *loop)
{
  sp_loop_call_soon(loop, says, "first");
  sp_loop_call_later(loop, 0.01, stops, loop);
  sp_loop_run_forever(loop);
  printf("stopped\n");
  sp_loop_stop(loop);
  sp_loop_run_forever(loop);
  printf("one iteration\n");
}

static int begins(void *count) { return ++*(int *)count; }

typedef struct crowd {
  sp_loop *loop;
  int began;
} crowd;

static void makes_many_and_stops(void *arg)
{
  crowd *self = arg;
  for (int i = 0; i < 500; i++) {
    sp_task_detach(sp_loop_create_task(self->loop, begins, &self->began));
  }
  sp_loop_stop(self->loop);
}

static void many_came_in_the_last_iteration(sp_loop *loop)
{
  crowd self = {.loop = loop};
  sp_loop_call_soon(loop, makes_many_and_stops, &self);
  sp_loop_call_soon(loop, says, "in the same iteration");
  sp_loop_run_forever(loop);
  printf("began: %d\n", self.began);
  sp_loop_stop(loop);
  sp_loop_run_forever(loop);
  printf("began: %d\n", self.began);
}

int main(void)
{
  sp_loop *loop = sp_loop_new(NULL);
  until_complete(loop);
  stopped_before_it_is_done(loop);
  for_ever(loop);
  many_came_in_the_last_iteration(loop);
  printf("closed: %d\n", sp_loop_is_closed(loop));
  sp_loop_close(loop);
  sp_loop_close(loop);
  printf("closed: %d\n", sp_loop_is_closed(loop));
  if (sp_loop_run_forever(loop) < 0) printf("run: %s\n", sp_error_message());
  if (!sp_loop_call_soon(loop, says, "never").call) printf("call_soon: %s\n", sp_error_message());
  return sp_loop_free(loop);
}
