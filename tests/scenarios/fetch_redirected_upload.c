/* A body that was given in pieces is gone: a redirect that wants it again is an error, and the others
 * are followed. A browser, which has gathered it, follows them all.
 * @server
 * @targets native node */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static const char *server;

static int give_once(void *arg, void *buffer, size_t size)
{
  bool *given = arg;
  if (*given || size < 5) return 0;
  *given = true;
  memcpy(buffer, "piece", 5);
  return 5;
}

static void follow(const char *path, sp_redirect redirect)
{
  char url[200];
  bool given = false;
  snprintf(url, sizeof url, "%s%s", server, path);
  sp_fetch_options options = {
      .read_body = give_once, .read_body_arg = &given, .redirect = redirect};
  sp_response response;
  int status = sp_fetch(url, &options, &response);
  const char *what = status < 0 ? strstr(sp_error_message(), path) + strlen(path) + 2 : "";
  bool by_get = status == 200 && strstr(response.body, "\"GET\"") != NULL;
  printf("%s: %s %d%s %s\n", path, sp_error_name(status), status, by_get ? " by GET" : "", what);
  sp_response_free(&response);
}

static int run(void *arg)
{
  (void)arg;
  follow("redirect-to/307", SP_REDIRECT_FOLLOW);
  follow("redirect-to/308", SP_REDIRECT_FOLLOW);
  follow("redirect-to/303", SP_REDIRECT_FOLLOW);
  follow("redirect-to/307", SP_REDIRECT_MANUAL);
  follow("redirect-to/307", SP_REDIRECT_ERROR);
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(run, NULL);
}
