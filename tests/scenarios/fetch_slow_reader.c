/* A body that is read slowly is sent slowly: it does not pile up here. Other requests go on. (Browsers
 * let it pile up themselves.)
 * @server
 * @targets native node */
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

enum { MEGABYTE = 1000000, BODY = 64 * MEGABYTE };

static const char *server;

/* How many bytes the server could send so far. */
static int flooded(void)
{
  char url[200];
  snprintf(url, sizeof url, "%sflooded", server);
  sp_response response;
  int result = sp_fetch(url, NULL, &response);
  int count = result < 0 ? result : atoi(response.body);
  sp_response_free(&response);
  return count;
}

static int run(void *arg)
{
  (void)arg;
  static char piece[MEGABYTE];
  char url[200];
  snprintf(url, sizeof url, "%sflood/%d", server, BODY);
  sp_response response;
  int status = sp_fetch_open(url, NULL, &response);
  int first = sp_response_read(&response, piece, 1);
  sp_sleep(0.5);
  int sent = flooded();
  sp_sleep(0.2);
  printf("%d, %d byte read, the server waits: %d\n", status, first, flooded() == sent);
  if (sent > BODY / 2) printf("it has sent %d bytes\n", sent);
  long total = first;
  int size;
  while ((size = sp_response_read(&response, piece, sizeof piece)) > 0) total += size;
  printf("then all: %ld, %d\n", total, size);
  sp_response_free(&response);
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(run, NULL);
}
