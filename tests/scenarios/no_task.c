/* Where nothing can be suspended, a suspending call says so and does nothing. */
#include <stdio.h>

#include "spindle.h"

static void report(const char *call, int result)
{
  printf("%s: %s: %s\n", call, sp_error_name(result), sp_error_message());
}

static void try_everything(void)
{
  report("sp_sleep", sp_sleep(1));
  report("sp_await", sp_await(NULL));
  report("sp_to_thread", sp_to_thread(NULL, NULL));
  report("sp_write_file", sp_write_file("never", "", 0));
  sp_response response;
  report("sp_fetch", sp_fetch("http://127.0.0.1:1/", NULL, &response));
}

static void callback(void *arg)
{
  (void)arg;
  printf("in a callback\n");
  try_everything();
}

static int never(void *arg)
{
  (void)arg;
  printf("never\n");
  return 0;
}

static int run(void *arg)
{
  (void)arg;
  sp_loop_call_soon(sp_loop_running(), callback, NULL);
  sp_sleep(0);
  printf("in a task\n");
  report("sp_run", sp_run(never, NULL));
  return 0;
}

int main(void)
{
  printf("outside a loop\n");
  try_everything();
  bool refused = sp_create_task(never, NULL) == NULL;
  printf("create: %d: %s\n", refused, sp_error_message());
  refused = sp_future_new() == NULL;
  printf("future: %d: %s\n", refused, sp_error_message());
  printf("loop: %d\n", sp_loop_running() == NULL);
  printf("current: %d\n", sp_task_current() == NULL);
  return sp_run(run, NULL);
}
