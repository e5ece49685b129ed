/* sp_loop_run several times on one loop: each run ends what it began, and the loop stays open. */
#include <stdio.h>

#include "spindle.h"

static int forgotten(void *name)
{
  int error = sp_sleep(10);
  printf("%s: %s\n", (const char *)name, sp_strerror(error));
  return error;
}

static int run(void *name)
{
  printf("%s\n", (const char *)name);
  sp_task_detach(sp_create_task(forgotten, name));
  sp_sleep(0);
  return 3;
}

static int fails(void *arg)
{
  (void)arg;
  return sp_fail(SP_EUSER, "on purpose");
}

static void show(const char *what, int result)
{
  printf("%s: %d, %s\n", what, result, sp_error_message());
}

static int nested(void *arg)
{
  sp_loop *other = sp_loop_new(NULL);
  show("itself", sp_loop_run((sp_loop *)arg, run, "never"));
  show("another", sp_loop_run(other, run, "never"));
  show("sp_run", sp_run(run, "never"));
  show("for ever", sp_loop_run_forever(other));
  show("close", sp_loop_close((sp_loop *)arg));
  show("free", sp_loop_free((sp_loop *)arg));
  show("shutdown", sp_loop_shutdown((sp_loop *)arg));
  sp_future *future = sp_future_new();
  sp_future_set_result(future, 1);
  show("until complete", sp_loop_run_until_complete((sp_loop *)arg, future));
  sp_future_free(future);
  printf("goes on: %d\n", sp_sleep(0));
  return sp_loop_free(other);
}

int main(void)
{
  sp_loop *loop = sp_loop_new(NULL);
  printf("%d\n", sp_loop_run(loop, run, "one"));
  printf("%d\n", sp_loop_run(loop, run, "two"));
  show("fails", sp_loop_run(loop, fails, NULL));
  printf("%d\n", sp_loop_run(loop, nested, loop));
  printf("%d\n", sp_loop_close(loop));
  show("closed", sp_loop_run(loop, run, "never"));
  show("closed", sp_loop_shutdown(loop));
  printf("%d\n", sp_loop_free(loop));
  return sp_loop_free(NULL);
}
