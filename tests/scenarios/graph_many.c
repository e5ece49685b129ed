/* Who waits for a future is soon told, also where ten thousand do. */
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

enum { WAITING = 10000, ROOM = 4 << 20 };

static sp_future *future;

static int wait(void *arg)
{
  (void)arg;
  return sp_await(future);
}

static int run(void *arg)
{
  (void)arg;
  static sp_task *tasks[WAITING];
  sp_task_options options = {.stack_size = 4096};
  future = sp_future_new();
  for (int i = 0; i < WAITING; i++) tasks[i] = sp_create_task_with(wait, NULL, &options);
  sp_sleep(0);
  char *text = malloc(ROOM);
  if (!text) return SP_ENOMEM;
  size_t length = sp_format_call_graph(future, text, ROOM);
  int lines = 0;
  for (size_t i = 0; i < length && i < ROOM; i++) lines += text[i] == '\n';
  printf("%d lines\n", lines);
  free(text);
  sp_future_set_result(future, 0);
  int error = sp_gather(tasks, WAITING, NULL);
  sp_future_free(future);
  return error;
}

int main(void) { return sp_run(run, NULL); }
