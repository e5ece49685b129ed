/* A limit for a wait, and a limit for whatever happens between two lines. */
#include <stdio.h>

#include "spindle.h"

static int slow(void *arg)
{
  (void)arg;
  int error = sp_sleep(60);
  if (error == SP_ECANCELED) puts("  slow: cleaning up");
  return error;
}

/* Two naps that together may take a second. */
static int two_naps(double seconds)
{
  sp_timeout limit;
  int result = sp_timeout_open(&limit, 1);
  if (result < 0) return result;
  result = sp_sleep(seconds);
  if (result >= 0) result = sp_sleep(seconds);
  return sp_timeout_close(&limit, result);
}

static int supervise(void *arg)
{
  (void)arg;
  int result = sp_wait_for(sp_create_task(slow, NULL), 0.02);
  printf("wait_for: %s\n", sp_error_message());
  if (result != SP_ETIMEDOUT) return 1;

  printf("two short naps: %d\n", two_naps(0.01));
  printf("two long naps: %s\n", sp_error_name(two_naps(0.6)));
  return 0;
}

int main(void) { return sp_run(supervise, NULL); }
