/* Connections are kept for the next request, and each session has its own.
 * @server
 * @targets native node */
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

static const char *server;

/* How many connections the server has seen. */
static int ask(sp_session *session, bool in_pieces)
{
  char url[200], text[20] = "";
  snprintf(url, sizeof url, "%sconnections", server);
  sp_fetch_options options = {.session = session};
  sp_response response;
  int result;
  if (in_pieces) {
    result = sp_fetch_open(url, &options, &response);
    for (size_t at = 0; result > 0 && at < sizeof text - 1; at += (size_t)result) {
      result = sp_response_read(&response, text + at, sizeof text - 1 - at);
    }
  } else {
    result = sp_fetch(url, &options, &response);
    if (result > 0) snprintf(text, sizeof text, "%s", (char *)response.body);
  }
  sp_response_free(&response);
  return result < 0 ? result : atoi(text);
}

static int run(void *arg)
{
  (void)arg;
  sp_session *one = sp_session_new(NULL);
  sp_session *other = sp_session_new(NULL);
  int at_first = ask(NULL, false);
  for (int i = 0; i < 5; i++) printf("%d ", ask(NULL, i % 2 == 1) - at_first);
  for (int i = 0; i < 5; i++) printf("%d ", ask(one, i % 2 == 1) - at_first);
  for (int i = 0; i < 5; i++) printf("%d ", ask(other, i % 2 == 1) - at_first);
  printf("%d\n", ask(NULL, false) - at_first);
  sp_session_free(one);
  sp_session_free(other);
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(run, NULL);
}
