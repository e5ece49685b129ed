/* While a loop is closed its exception handler may look at what is left, and is refused the rest. */
#include <stdio.h>

#include "spindle.h"

static sp_task *first;

static int sleeps(void *arg)
{
  (void)arg;
  return sp_sleep(60);
}

static int awaits(void *arg) { return sp_await(*(sp_task **)arg); }

static int in_thread(void *arg)
{
  (void)arg;
  return 0;
}

static int waits_for_thread(void *arg) { return sp_to_thread(in_thread, arg); }

static void never(void *arg)
{
  (void)arg;
  printf("never\n");
}

static void when_done(sp_future *future, void *arg)
{
  (void)future;
  never(arg);
}

static void on_report(sp_loop *loop, const sp_report *report, void *arg)
{
  (void)arg;
  char text[512];
  printf("%s: %s\n", sp_task_name(report->future), report->message);
  printf("tasks: %zu, told of: %d\n", sp_all_tasks(loop, NULL, 0),
         sp_format_tasks(loop, text, sizeof text) > 0);
  if (report->future != first) return;
  bool scheduled = sp_loop_call_soon(loop, never, NULL).call != NULL;
  printf("call: %d, %s\n", scheduled, sp_error_message());
  printf("task: %d\n", sp_loop_create_task(loop, sleeps, NULL) != NULL);
  printf("future: %d\n", sp_loop_create_future(loop) != NULL);
  printf("done-callback: %s\n", sp_error_name(sp_future_add_done_callback(first, when_done, NULL)));
  printf("run: %s\n", sp_error_name(sp_loop_run_forever(loop)));
  printf("closed: %d, close: %d\n", sp_loop_is_closed(loop), sp_loop_close(loop));
}

static void let_begin(sp_loop *loop)
{
  sp_loop_stop(loop);
  sp_loop_run_forever(loop);
}

int main(void)
{
  sp_loop *loop = sp_loop_new(NULL);
  sp_loop_set_exception_handler(loop, on_report, NULL);
  sp_task *chain[4];
  first = chain[0] = sp_loop_create_task(loop, sleeps, NULL);
  for (int i = 1; i < 4; i++) chain[i] = sp_loop_create_task(loop, awaits, &chain[i - 1]);
  sp_loop_create_task(loop, waits_for_thread, NULL);
  let_begin(loop);
  printf("close: %d\n", sp_loop_close(loop));
  return sp_loop_free(loop);
}
