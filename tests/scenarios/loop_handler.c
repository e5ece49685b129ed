/* The exception handler is told of what nobody else was told, the default one writes it down.
 * @stderr Task exception was never retrieved\nfuture: <Task finished name='Task-\d+' coro=<fails
 * @stderr exception=SP_EDNS\(-22, 'by default'\)>
 * @stderr called by hand\nerror: SP_EDNS\(-22, 'host name not found'\)
 * @stderr \nby hand, to the default\n */
#include <stdio.h>

#include "spindle.h"

static int fails(void *message) { return sp_fail(SP_EDNS, "%s", (const char *)message); }

static int lingers(void *message)
{
  sp_sleep(60);
  return fails(message);
}

static void told(sp_loop *loop, const sp_report *report, void *arg)
{
  (void)loop;
  printf("%s: %s", (const char *)arg, report->message);
  if (report->future)
    printf(", %s", report->future == sp_task_current() ? "this task" : "a future");
  if (report->code < 0) printf(", %s: %s", sp_error_name(report->code), report->error_message);
  printf("\n");
}

static int run(void *arg)
{
  sp_loop *loop = arg;
  sp_task_detach(sp_create_task(fails, "by default"));
  sp_sleep(0);
  sp_loop_set_exception_handler(loop, told, "handler");
  sp_task_detach(sp_create_task(fails, "a task"));
  sp_sleep(0);
  sp_task *released = sp_create_task(fails, "released late");
  sp_sleep(0);
  sp_task_detach(released);
  sp_task *seen = sp_create_task(fails, "never told");
  sp_sleep(0);
  printf("error: %s\n", sp_error_name(sp_future_error(seen)));
  sp_task_detach(seen);
  sp_future *future = sp_future_new();
  sp_future_set_error(future, SP_ETLS, "a future's");
  sp_future_free(future);
  sp_loop_call_exception_handler(loop, &(sp_report){.message = "called by hand"});
  sp_loop_set_exception_handler(loop, NULL, NULL);
  sp_report report = {.message = "called by hand", .code = SP_EDNS};
  sp_loop_call_exception_handler(loop, &report);
  sp_loop_default_exception_handler(loop, &(sp_report){.message = "by hand, to the default"});
  sp_loop_set_exception_handler(loop, told, "at the end");
  sp_task_detach(sp_create_task(lingers, "while it was cancelled"));
  sp_sleep(0);
  return 0;
}

int main(void)
{
  sp_loop *loop = sp_loop_new(NULL);
  int result = sp_loop_run(loop, run, loop);
  sp_loop_create_task(loop, lingers, NULL);
  sp_loop_free(loop);
  return result;
}
