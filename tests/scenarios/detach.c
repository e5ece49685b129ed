/* A detached task runs on and is released when it ends; one handle more is one release more. */
#include <stdio.h>

#include "spindle.h"

static int work(void *name)
{
  sp_sleep(0.01);
  printf("%s ends\n", (const char *)name);
  return 9;
}

static int run(void *arg)
{
  (void)arg;
  sp_task_detach(sp_create_task(work, "detached"));
  sp_task_detach(NULL);
  sp_task *task = sp_create_task(work, "shared");
  sp_task *again = sp_task_ref(task);
  printf("first: %d\n", sp_await(task));
  printf("second: %d\n", sp_await(again));
  sp_task *done = sp_create_task(work, "late");
  sp_sleep(0.03);
  printf("done: %d\n", sp_future_done(done));
  sp_task_detach(done);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
