/* What main() returns after suspensions is the exit code, and atexit handlers run.
 * @exit 3 */
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

static void bye(void) { printf("bye\n"); }

static int run(void *arg)
{
  (void)arg;
  sp_sleep(0.01);
  return 3;
}

int main(void)
{
  atexit(bye);
  int result = sp_run(run, NULL);
  printf("run gave %d\n", result);
  return result;
}
