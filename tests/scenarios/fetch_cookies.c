/* Cookies are kept by a session that was asked to, and by no other. In a browser they are the browser's.
 * @server
 * @targets native chromium firefox */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static const char *server;

static void get(const char *path, sp_session *session, char *body, size_t size)
{
  char url[200];
  snprintf(url, sizeof url, "%s%s", server, path);
  sp_fetch_options options = {.session = session};
  sp_response response;
  int status = sp_fetch(url, &options, &response);
  snprintf(body, size, "%s", status < 0 ? sp_error_message() : (char *)response.body);
  sp_response_free(&response);
}

static void show(const char *name, sp_session *session)
{
  char body[200];
  get("cookies", session, body, sizeof body);
  printf("%s: %s\n", name, body);
}

static int run(void *arg)
{
  (void)arg;
  char body[200];
  sp_session *keeps = sp_session_new(&(sp_session_options){.cookies = true});
  sp_session *forgets = sp_session_new(NULL);
  if (!keeps) return sp_fail(SP_EINVAL, "%s", sp_error_message());
  show("before", keeps);
  get("set-cookie/first", keeps, body, sizeof body);
  get("set-cookie/second", forgets, body, sizeof body);
  get("set-cookie/third", NULL, body, sizeof body);
  show("kept", keeps);
  show("forgotten", forgets);
  show("without a session", NULL);
  sp_session_free(keeps);
  sp_session_free(forgets);
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(run, NULL) < 0;
}
