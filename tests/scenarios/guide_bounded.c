/* Five downloads, two at a time: a semaphore bounds how many run at once. */
#include <stdio.h>

#include "spindle.h"

static sp_semaphore permits = {.value = 2};
static int running, peak;

static int download(void *file)
{
  int error = sp_semaphore_acquire(&permits); /* asyncio: async with permits */
  if (error < 0) return error;
  if (++running > peak) peak = running;
  printf("%s begins\n", (const char *)file);
  error = sp_sleep(0.02);
  running--;
  sp_semaphore_release(&permits);
  return error;
}

static int run(void *arg)
{
  (void)arg;
  static char *const files[] = {"red", "green", "blue", "white", "black"};
  sp_task *tasks[5];
  for (int i = 0; i < 5; i++) tasks[i] = sp_create_task(download, files[i]);
  for (int i = 0; i < 5; i++) sp_await(tasks[i]);
  printf("never more than %d at once\n", peak);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
