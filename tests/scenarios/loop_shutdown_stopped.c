/* A shutdown that was stopped when its last task had just ended does not end the next one early. */
#include <stdio.h>

#include "spindle.h"

static int cleans_up(void *arg)
{
  (void)arg;
  sp_sleep(60);
  for (int i = 0; i < 20; i++) sp_sleep(0);
  printf("cleaned up\n");
  return 0;
}

/* What it starts while it is cancelled is not waited for by that shutdown. */
static int stops(void *loop)
{
  sp_sleep(60);
  sp_task_options options = {.eager_start = true};
  sp_task_detach(sp_create_task_with(cleans_up, NULL, &options));
  sp_loop_stop(loop);
  return 0;
}

int main(void)
{
  sp_loop *loop = sp_loop_new(NULL);
  sp_task_detach(sp_loop_create_task(loop, stops, loop));
  sp_loop_stop(loop);
  sp_loop_run_forever(loop);
  printf("stopped: %s\n", sp_error_name(sp_loop_shutdown(loop)));
  printf("shutdown: %s\n", sp_error_name(sp_loop_shutdown(loop)));
  printf("tasks: %zu\n", sp_all_tasks(loop, NULL, 0));
  return sp_loop_free(loop);
}
