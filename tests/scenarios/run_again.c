/* sp_run may be called again; each run has a loop of its own.
 * @small */
#include <stdio.h>

#include "spindle.h"

static int work(void *arg)
{
  sp_sleep(0.005);
  return *(int *)arg + 1;
}

static int run(void *arg)
{
  sp_task *task = sp_create_task(work, arg);
  printf("%s beside %s\n", sp_task_name(task), sp_task_name(sp_task_current()));
  return sp_await(task);
}

int main(void)
{
  int value = 0;
  for (int i = 0; i < 3; i++) {
    value = sp_run(run, &value);
    printf("%d\n", value);
  }
  printf("loop: %d\n", sp_loop_running() == NULL);
  return 0;
}
