/* A long chain of awaits is a tree of lines of a bounded width. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

enum { DEEP = 1000, ROOM = 1 << 20 };

static const sp_task_options small = {.stack_size = 8192};

static int awaits(void *arg)
{
  int below = *(int *)arg - 1;
  if (below < 0) return sp_sleep(60);
  sp_task *next = sp_create_task_with(awaits, &below, &small);
  return next ? sp_await(next) : SP_ENOMEM;
}

static int run(void *arg)
{
  (void)arg;
  int depth = DEEP;
  sp_task *first = sp_create_task(awaits, &depth);
  for (int i = 0; i < DEEP + 2; i++) sp_sleep(0);
  char *text = malloc(ROOM);
  if (!text) return SP_ENOMEM;
  size_t length = sp_format_tasks(sp_loop_running(), text, ROOM);
  size_t lines = 0, longest = 0;
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), lines++) {
    if (strlen(line) > longest) longest = strlen(line);
    if (lines < 3 || lines == 66 || lines == DEEP + 1) {
      line += strspn(line, " ");
      printf("%.*s\n", (int)strcspn(line, ":"), line);
    }
  }
  printf("whole: %d, %zu lines, short: %d\n", length < ROOM, lines, longest < 300);
  free(text);
  sp_task_cancel(first, NULL);
  sp_await(first);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
