/* A task that failed, and whose error nobody took, says so: when it was detached, and at the end.
 * @stderr Task exception was never retrieved\nfuture: <Task finished name='lonely' coro=<fails\(\)
 * done, created at unretrieved.c:\d+> exception=SP_EDNS\(-22, 'no such host'\)>
 * @stderr Task exception was never retrieved\nfuture: <Task finished name='Task-2' coro=<fails\(\)
 * done, created at unretrieved.c:\d+> exception=error\(-1000, 'again'\)> */
#include <stdio.h>

#include "spindle.h"

static int fails(void *arg)
{
  const char *message = arg;
  return sp_fail(message[0] == 'n' ? SP_EDNS : SP_EUSER, "%s", message);
}

static int retrieved(void *arg)
{
  (void)arg;
  return SP_EUSER;
}

static int run(void *arg)
{
  (void)arg;
  sp_task_options options = {.name = "lonely"};
  sp_task_detach(sp_create_task_with(fails, "no such host", &options));
  sp_create_task(fails, "again");
  sp_await(sp_create_task(retrieved, NULL));
  sp_sleep(0);
  printf("the program goes on\n");
  return 0;
}

int main(void) { return sp_run(run, NULL); }
