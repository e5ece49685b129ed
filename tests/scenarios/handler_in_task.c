/* An exception handler cannot suspend, nor can what it creates begin at once, though a task caused the
 * report. */
#include <stdio.h>

#include "spindle.h"

static int fail(void *arg)
{
  (void)arg;
  return sp_fail(SP_EINVAL, "no such flag");
}

static int eager(void *arg)
{
  (void)arg;
  printf("eager task\n");
  return 0;
}

static void on_report(sp_loop *loop, const sp_report *report, void *arg)
{
  (void)arg;
  printf("%s: %s\n", report->message, report->error_message);
  int slept = sp_sleep(0);
  printf("sleep: %s\n", sp_error_name(slept));
  sp_task_options options = {.eager_start = true};
  (void)loop;
  sp_task_detach(sp_create_task_with(eager, NULL, &options));
  printf("handler ends\n");
}

static int run(void *arg)
{
  (void)arg;
  sp_loop_set_exception_handler(sp_loop_running(), on_report, NULL);
  sp_task *task = sp_create_task(fail, NULL);
  if (!task) return SP_ENOMEM;
  sp_sleep(0);
  printf("detach\n");
  sp_task_detach(task);
  printf("detached\n");
  return sp_sleep(0);
}

int main(void) { return sp_run(run, NULL) < 0; }
