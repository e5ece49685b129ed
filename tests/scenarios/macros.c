/* Arguments of the calls may have commas of their own. */
#include <stdio.h>

#include "spindle.h"

static int named(void *arg)
{
  (void)arg;
  printf("%s: %s\n", sp_task_name(sp_task_current()), sp_task_coro_name(sp_task_current()));
  return 0;
}

static int run(void *arg)
{
  sp_response response;
  sp_await(
      sp_create_task_with(named, arg, &(sp_task_options){.name = "compound", .stack_size = 32768}));
  int result =
      sp_fetch("ftp://host/", &(sp_fetch_options){.timeout = 5, .method = "PUT"}, &response);
  printf("fetch: %s\n", sp_error_name(result));
  sp_task *both[] = {sp_create_task(named, arg), sp_create_task(named, arg)};
  return sp_gather(((sp_task *[]){both[0], both[1]}), 2, (int[]){0, 0});
}

int main(void)
{
  return sp_run_with(run, NULL, &(sp_task_options){.name = "main", .stack_size = 65536});
}
