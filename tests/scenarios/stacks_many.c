/* Where each guard costs the process two mappings, many tasks leave it enough for threads and memory.
 * @targets native
 * @without native-asan
 * @links old_kernel */
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

enum { MANY = 40000 };

static int sleeps(void *arg)
{
  (void)arg;
  return sp_sleep(60);
}

static int in_thread(void *arg)
{
  (void)arg;
  return 7;
}

static int run(void *arg)
{
  static void *blocks[100];
  sp_task_options small = {.stack_size = 16384};
  int begun = 0, got = 0;
  while (begun < MANY && sp_create_task_with(sleeps, arg, &small)) begun++;
  sp_sleep(0);
  printf("%d tasks\n", begun);
  printf("a thread: %d\n", sp_to_thread(in_thread, arg));
  for (int i = 0; i < 100; i++) got += (blocks[i] = malloc(10 << 20)) != NULL;
  printf("%d large blocks\n", got);
  for (int i = 0; i < 100; i++) free(blocks[i]);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
