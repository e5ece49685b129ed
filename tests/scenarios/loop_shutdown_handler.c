/* The exception handler may free other tasks and generators while a shutdown goes through them. */
#include <stdio.h>

#include "spindle.h"

static sp_task *spare_task;
static sp_generator *spare;

static int fails_at_end(void *arg)
{
  (void)arg;
  sp_sleep(60);
  return sp_fail(SP_EUSER, "no clean end");
}

static int ends(void *arg)
{
  (void)arg;
  return 0;
}

static int yields(sp_generator *self, void *arg)
{
  (void)arg;
  sp_yield(self, NULL);
  return sp_fail(SP_EUSER, "no clean end");
}

static void on_report(sp_loop *loop, const sp_report *report, void *arg)
{
  (void)loop, (void)arg;
  printf("%d %s\n", report->code, report->error_message);
  if (spare_task) {
    sp_task_detach(spare_task);
    spare_task = NULL;
  } else {
    sp_generator_free(spare);
    spare = NULL;
  }
}

static int leaves(void *arg)
{
  void *value;
  sp_loop_set_exception_handler(sp_loop_running(), on_report, arg);
  sp_task_detach(sp_create_task(fails_at_end, NULL));
  spare_task = sp_create_task(ends, NULL);
  sp_generator_next(sp_generator_new(yields, NULL), &value);
  spare = sp_generator_new(yields, NULL);
  return sp_sleep(0);
}

int main(void)
{
  printf("run: %d\n", sp_run(leaves, NULL));
  return 0;
}
