/* On a virtual clock a reader of a body that is sent may sleep: the clock jumps, as ever.
 * @server */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static const char *server;

static int give_slowly(void *arg, void *buffer, size_t size)
{
  int *left = arg;
  int error = sp_sleep(1000);
  if (error < 0) return error;
  if (*left == 0 || size < 5) return 0;
  --*left;
  memcpy(buffer, "piece", 5);
  return 5;
}

static int run(void *arg)
{
  sp_loop *loop = arg;
  char url[200];
  int left = 3;
  snprintf(url, sizeof url, "%secho?raw", server);
  sp_fetch_options options = {.read_body = give_slowly, .read_body_arg = &left};
  sp_response response;
  double began = sp_loop_time(loop);
  int status = sp_fetch(url, &options, &response);
  printf("%d, %zu bytes, %g s\n", status, response.body_size, sp_loop_time(loop) - began);
  sp_response_free(&response);
  left = 3;
  options.timeout = 1500;
  printf("too slow: %s\n", sp_error_name(sp_fetch(url, &options, &response)));
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
