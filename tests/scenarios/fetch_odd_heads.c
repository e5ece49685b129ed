/* Heads that no server should send change nothing of an answer that the program has, and keep nobody
 * waiting; one with a line that is no header is refused. Node and browsers refuse them all.
 * @targets native
 * @server */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static const char *server;

static void show(const sp_response *response)
{
  const char *first = sp_response_header(response, "x-first");
  printf(" %d %s, x-first: %s\n", response->status, response->url + strlen(server),
         first ? first : "none");
}

static void read_odd(const char *name)
{
  char url[200];
  char piece[100];
  sp_response response;
  snprintf(url, sizeof url, "%sodd-head/%s", server, name);
  sp_fetch_options options = {.timeout = 5};
  int status = sp_fetch_open(url, &options, &response);
  printf("%s: %s\n", name, status < 0 ? sp_error_name(status) : "ok");
  if (status < 0) return;
  show(&response);
  int size;
  while ((size = sp_response_read(&response, piece, sizeof piece)) > 0) {
    printf(" %d bytes\n", size);
  }
  printf(" end: %s\n", sp_error_name(size));
  show(&response);
  sp_response_free(&response);
}

static int supervisor(void *arg)
{
  (void)arg;
  read_odd("trailer");
  read_odd("continue");
  read_odd("location");
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(supervisor, NULL);
}
