/* On a virtual clock a transfer is waited for without the clock moving, and one that waits for its
 * reader keeps the clock from nothing.
 * @server */
#include <stdio.h>

#include "spindle.h"

static const char *server;

static int run(void *arg)
{
  sp_loop *loop = arg;
  char url[200], piece[1000];
  snprintf(url, sizeof url, "%sdrip?bytes=10&seconds=0.2", server);
  sp_fetch_options options = {.timeout = 5000};
  sp_response response;
  double began = sp_loop_time(loop);
  int status = sp_fetch_open(url, &options, &response);
  int total = sp_response_read(&response, piece, 1);
  printf("%d, %d byte, %g s\n", status, total, sp_loop_time(loop) - began);
  sp_sleep(1000);
  int size;
  while ((size = sp_response_read(&response, piece, sizeof piece)) > 0) total += size;
  printf("then %d bytes, %d, %g s\n", total, size, sp_loop_time(loop) - began);
  sp_response_free(&response);
  status = sp_fetch_open(url, &options, &response);
  sp_sleep(5000);
  do size = sp_response_read(&response, piece, sizeof piece);
  while (size > 0);
  printf("too late: %d, %s\n", status, sp_error_name(size));
  sp_response_free(&response);
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.virtual_clock = true});
  int result = sp_loop_run(loop, run, loop);
  sp_loop_free(loop);
  return result;
}
