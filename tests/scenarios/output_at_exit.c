/* What was printed without a newline at its end is there when main() has returned, and before what an
 * atexit handler prints.
 * @exit 3 */
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

static void last(void) { printf(", at exit"); }

static int run(void *arg)
{
  (void)arg;
  printf("in a task");
  return sp_sleep(0.01);
}

int main(void)
{
  atexit(last);
  printf("before, ");
  if (sp_run(run, NULL) < 0) return 1;
  printf(", after");
  return 3;
}
