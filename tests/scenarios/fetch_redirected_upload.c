/* A body that was given in pieces is gone: a redirect that wants it again is an error, and the others
 * are followed. A browser, which has gathered it, follows them all.
 * @server
 * @targets native node */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static const char *server, *refused;

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

/* What the program says of itself is for the server that it asked, and for no other. */
static void tell(const char *name, const char *to)
{
  static const sp_header headers[] = {
      {"Authorization", "Basic c2VjcmV0"}, {"Cookie", "secret=1"}, {"X-Other", "kept"}};
  char url[300];
  bool given = false;
  snprintf(url, sizeof url, "%sredirect-to/303?to=%s", server, to);
  sp_fetch_options options = {
      .read_body = give_once, .read_body_arg = &given, .headers = headers, .header_count = 3};
  sp_response response;
  int status = sp_fetch(url, &options, &response);
  const char *body = status == 200 ? response.body : "";
  printf("%s: %s, authorization: %d, cookie: %d, other: %d\n", name, sp_error_name(status),
         strstr(body, "\"authorization\"") != NULL, strstr(body, "\"cookie\"") != NULL,
         strstr(body, "\"x-other\"") != NULL);
  sp_response_free(&response);
}

/* The same server by another name. */
static void tell_elsewhere(void)
{
  char place[100];
  snprintf(place, sizeof place, "http://127.0.0.2%secho", strrchr(server, ':'));
  tell("elsewhere", place);
}

static int run(void *arg)
{
  (void)arg;
  follow("redirect-to/307", SP_REDIRECT_FOLLOW);
  follow("redirect-to/308", SP_REDIRECT_FOLLOW);
  follow("redirect-to/303", SP_REDIRECT_FOLLOW);
  follow("redirect-to/307", SP_REDIRECT_MANUAL);
  follow("redirect-to/307", SP_REDIRECT_ERROR);
  tell("same server", "/echo");
  tell_elsewhere();
  tell("nobody there", refused);
  tell("no http", "data:,made-up");
  tell("no URL", "http://[");
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 3) return 2;
  server = argv[1];
  refused = argv[2];
  return sp_run(run, NULL);
}
