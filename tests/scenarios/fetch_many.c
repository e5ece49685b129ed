/* Any number of transfers at once, each with its own answer.
 * @server */
#include <stdio.h>

#include "spindle.h"

enum { MANY = 200 };

static const char *server;

static int size_of(void *arg)
{
  char url[200];
  snprintf(url, sizeof url, "%sbytes/%d", server, *(int *)arg);
  sp_response response;
  int result = sp_fetch(url, NULL, &response);
  int size = result < 0 ? result : (int)response.body_size;
  sp_response_free(&response);
  return size;
}

static int run(void *arg)
{
  (void)arg;
  static int sizes[MANY];
  sp_task *tasks[MANY];
  for (int i = 0; i < MANY; i++) {
    sizes[i] = i * 37;
    tasks[i] = sp_create_task(size_of, &sizes[i]);
  }
  int right = 0;
  for (int i = 0; i < MANY; i++) right += sp_await(tasks[i]) == sizes[i];
  printf("%d right\n", right);
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(run, NULL);
}
