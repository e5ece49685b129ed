/* A program's own pool: one thread takes its work in the order of the asking. */
#include <stdio.h>

#include "spindle.h"

static sp_executor *pool;
static char all[8]; /* what was appended, for one thread at a time */

static int append(void *arg)
{
  static int length;
  all[length++] = *(const char *)arg;
  return length;
}

static int in_pool(void *arg) { return sp_run_in_executor(pool, append, arg); }

static int fails(void *arg) { return sp_fail(SP_EUSER, "no luck with %s", (const char *)arg); }

static int run(void *arg)
{
  (void)arg;
  sp_task *tasks[] = {sp_create_task(in_pool, "a"), sp_create_task(in_pool, "b"),
                      sp_create_task(in_pool, "c")};
  for (int i = 0; i < 3; i++) printf("result: %d\n", sp_await(tasks[i]));
  printf("%s\n", all);
  printf("default: %d\n", sp_run_in_executor(NULL, append, "d"));
  printf("%s\n", all);
  int failed = sp_run_in_executor(pool, fails, "pools");
  printf("%d: %s\n", failed, sp_error_message());
  return 0;
}

int main(void)
{
  pool = sp_executor_new(0);
  printf("none: %d, %s\n", !pool, sp_error_message());
  pool = sp_executor_new(129);
  printf("too many: %d, %s\n", !pool, sp_error_message());
  sp_executor_free(NULL);
  pool = sp_executor_new(1);
  printf("no task: %s\n", sp_error_name(sp_run_in_executor(pool, append, "x")));
  int result = sp_run(run, NULL);
  sp_executor_free(pool);
  return result;
}
