/* What was printed without a newline at its end is there when main() of a program with threads has called
 * exit().
 * @exit 6
 * @threads */
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

static void last(void) { printf(", at exit"); }

static int in_thread(void *arg)
{
  (void)arg;
  printf("in a thread");
  return 0;
}

static int run(void *arg)
{
  (void)arg;
  return sp_to_thread(in_thread, NULL);
}

int main(void)
{
  atexit(last);
  printf("before, ");
  if (sp_run(run, NULL) < 0) return 1;
  printf(", after");
  exit(6);
}
