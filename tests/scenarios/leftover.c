/* When the main task ends, the tasks that are left are cancelled and awaited before sp_run returns.
 */
#include <stdio.h>

#include "spindle.h"

static int cleans_up(void *name)
{
  int result = sp_sleep(10);
  printf("%s cleans up\n", (const char *)name);
  sp_sleep(0.01);
  printf("%s is through\n", (const char *)name);
  return result;
}

static int run(void *arg)
{
  (void)arg;
  sp_task_detach(sp_create_task(cleans_up, "a"));
  sp_sleep(0);
  printf("main ends\n");
  return 0;
}

int main(void)
{
  int result = sp_run(run, NULL);
  printf("run gave %d\n", result);
  return 0;
}
