/* max_redirects redirects are followed, and no more. (Browsers have a limit of their own.)
 * @server
 * @targets native node */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static const char *server;

static void follow(int hops, int most)
{
  char url[200];
  snprintf(url, sizeof url, "%sredirect/%d", server, hops);
  sp_fetch_options options = {.max_redirects = most};
  sp_response response;
  int status = sp_fetch(url, &options, &response);
  const char *what = status < 0 ? strrchr(sp_error_message(), ':') + 2 : "there";
  printf("%d of at most %d: %s, %s\n", hops, most, sp_error_name(status), what);
  sp_response_free(&response);
}

static int run(void *arg)
{
  (void)arg;
  follow(2, 2);
  follow(3, 2);
  follow(20, 0);
  follow(21, 0);
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(run, NULL);
}
