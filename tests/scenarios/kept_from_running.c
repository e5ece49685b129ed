/* A loop whose thread is kept from running loses nothing that other threads sent.
 * @targets native
 * @links leaping_clock */
#include <stdio.h>

#include "spindle.h"

enum { TIMES = 20 };

static int add(void *arg) { return ++*(int *)arg; }

static int run(void *arg)
{
  int sum = 0;
  for (int i = 0; i < TIMES; i++) sp_to_thread(add, arg);
  for (int i = 0; i < TIMES; i++) sum += sp_sleep(0) == 0;
  printf("calls: %d, turns: %d\n", *(int *)arg, sum);
  printf("written: %d\n", sp_write_file("kept", "text", 4));
  return 0;
}

int main(void)
{
  int calls = 0;
  int result = sp_run(run, &calls);
  remove("kept");
  return result;
}
