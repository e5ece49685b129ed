/* An error answer that comes while a busy loop has yet to ask for the next piece of a body ends the
 * upload.
 * @server */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

enum { BUSY = 60, PIECES = 1000 };

static bool done;

/* Computes for 2 ms, again and again. */
static int compute(void *arg)
{
  (void)arg;
  while (!done) {
    double end = sp_loop_time(sp_loop_running()) + 0.002;
    while (sp_loop_time(sp_loop_running()) < end) continue;
    int error = sp_sleep(0);
    if (error < 0) return error;
  }
  return 0;
}

static int give(void *arg, void *buffer, size_t size)
{
  int *given = arg;
  memset(buffer, 'x', size);
  return (*given)++ < PIECES ? (int)size : 0;
}

static int supervisor(void *arg)
{
  char url[200];
  int given = 0;
  sp_response response;
  sp_task *tasks[BUSY];
  for (int i = 0; i < BUSY; i++) tasks[i] = sp_create_task(compute, NULL);
  snprintf(url, sizeof url, "%searly/413", (const char *)arg);
  sp_fetch_options options = {.read_body = give, .read_body_arg = &given, .timeout = 20};
  printf("answer: %d\n", sp_fetch(url, &options, &response));
  sp_response_free(&response);
  done = true;
  sp_gather_all(tasks, BUSY, NULL);
  return 0;
}

int main(int argc, char **argv) { return argc < 2 ? 2 : sp_run(supervisor, argv[1]); }
