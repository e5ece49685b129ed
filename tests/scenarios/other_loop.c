/* A file or a response of one loop cannot be used by a task of another.
 * @server */
#include <stdio.h>

#include "spindle.h"

static char url[200];
static sp_file *file;
static sp_response response;

static int opens(void *arg)
{
  (void)arg;
  file = sp_file_new("other.bin");
  int status = sp_fetch_open(url, NULL, &response);
  printf("open: %d %d\n", file != NULL, status);
  return 0;
}

static int uses(void *arg)
{
  char piece[10];
  (void)arg;
  printf("%s\n", sp_error_name(sp_file_write(file, "x", 1)));
  printf("%s\n", sp_error_name(sp_file_commit(file)));
  int size = sp_response_read(&response, piece, sizeof piece);
  printf("%s: %s\n", sp_error_name(size), sp_error_message());
  return 0;
}

static int frees(void *arg)
{
  (void)arg;
  sp_file_free(file);
  sp_response_free(&response);
  return 0;
}

int main(int argc, char **argv)
{
  snprintf(url, sizeof url, "%sok", argc > 1 ? argv[1] : "");
  sp_loop *one = sp_loop_new(NULL);
  if (!one) return 1;
  int result = sp_loop_run(one, opens, NULL);
  if (result == 0) result = sp_run(uses, NULL);
  if (result == 0) result = sp_loop_run(one, frees, NULL);
  sp_loop_free(one);
  return result;
}
