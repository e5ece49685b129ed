/* A download that is sent on as it comes: no more than a piece of it is here at any time.
 * @server */
#include <stdio.h>

#include "spindle.h"

static const char *server;

/* Called whenever the upload has room for more. */
static int next_piece(void *download, void *buffer, size_t size)
{
  return sp_response_read(download, buffer, size);
}

static int copy(const char *from, const char *to, sp_session *session)
{
  sp_fetch_options options = {.session = session, .timeout = 30};
  sp_response download, reply;
  int status = sp_fetch_open(from, &options, &download);
  if (status < 0) return status;
  printf("%s bytes will come\n", sp_response_header(&download, "content-length"));
  options.method = "PUT";
  options.read_body = next_piece;
  options.read_body_arg = &download;
  options.max_body_size = 1000; /* the response is short, or something is wrong */
  status = sp_fetch(to, &options, &reply);
  if (status >= 0) printf("%d: %s\n", status, (char *)reply.body);
  sp_response_free(&reply);
  sp_response_free(&download);
  return status < 0 ? status : 0;
}

static int run(void *arg)
{
  (void)arg;
  char from[200], to[200];
  snprintf(from, sizeof from, "%sbytes/1000000", server);
  snprintf(to, sizeof to, "%ssize", server);
  sp_session *session = sp_session_new(&(sp_session_options){.max_connections = 2});
  if (!session) return SP_ENOMEM;
  int error = copy(from, to, session);
  sp_session_free(session);
  if (error < 0) printf("%s\n", sp_error_message());
  return error;
}

int main(int argc, char **argv)
{
  server = argc > 1 ? argv[1] : "http://127.0.0.1:8000/";
  return sp_run(run, NULL) < 0;
}
