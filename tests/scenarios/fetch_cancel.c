/* Cancelling a task aborts its transfer: the server sees the connection close.
 * @server */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static const char *server;

static int get(const char *path, sp_response *response)
{
  char url[200];
  snprintf(url, sizeof url, "%s%s", server, path);
  return sp_fetch(url, NULL, response);
}

static int hang(void *arg)
{
  (void)arg;
  sp_response response;
  int result = get("hang", &response);
  sp_response_free(&response);
  return result;
}

/* What the server has seen of /hang, as {"opened":N,"closed":N}; it may hear of it a little later.
 */
static bool server_says(const char *wanted)
{
  for (int i = 0; i < 100; i++) {
    sp_response response;
    bool said = get("closed", &response) == 200 && strcmp(response.body, wanted) == 0;
    sp_response_free(&response);
    if (said) return true;
    sp_sleep(0.02);
  }
  return false;
}

static int run(void *arg)
{
  (void)arg;
  sp_task *tasks[3];
  for (int i = 0; i < 3; i++) tasks[i] = sp_create_task(hang, NULL);
  printf("open: %d\n", server_says("{\"opened\":3,\"closed\":0}"));
  for (int i = 0; i < 3; i++) sp_task_cancel(tasks[i], NULL);
  for (int i = 0; i < 3; i++) printf("%s\n", sp_error_name(sp_await(tasks[i])));
  printf("closed: %d\n", server_says("{\"opened\":3,\"closed\":3}"));
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(run, NULL);
}
