/* A trap that is not of the stack is not called a stack overflow.
 * @targets node chromium firefox
 * @exit nonzero
 * @stderr ^(?![^]*stack overflow) */
#include <stdio.h>

#include "spindle.h"

static void (*volatile nowhere)(void);

static int calls_nothing(void *arg)
{
  (void)arg;
  int error = sp_sleep(0);
  nowhere();
  return error;
}

static int run(void *arg)
{
  (void)arg;
  printf("calling NULL\n");
  fflush(stdout);
  sp_await(sp_create_task(calls_nothing, NULL));
  printf("never\n");
  return 0;
}

int main(void) { return sp_run(run, NULL); }
