/* A request that waits for the one connection of its session has it when the request before it ends, however
 * that ends: cancelled, too late, refused for its length, or given up half read.
 * @server */
#include <stdio.h>

#include "spindle.h"

static const char *server;

typedef struct asked {
  sp_session *session;
  const char *path;
  double timeout;
  size_t most;
} asked;

static int gather(void *arg)
{
  const asked *what = arg;
  char url[200];
  sp_response response;
  snprintf(url, sizeof url, "%s%s", server, what->path);
  sp_fetch_options options = {
      .session = what->session, .timeout = what->timeout, .max_body_size = what->most};
  int status = sp_fetch(url, &options, &response);
  sp_response_free(&response);
  return status;
}

/* Opens it, and gives it up. */
static int open_only(void *arg)
{
  const asked *what = arg;
  char url[200];
  sp_response response;
  snprintf(url, sizeof url, "%s%s", server, what->path);
  sp_fetch_options options = {.session = what->session};
  int status = sp_fetch_open(url, &options, &response);
  sp_sleep(1);
  sp_response_free(&response);
  return status;
}

static void wait_behind(const char *name, sp_coroutine *how, asked first, bool cancels)
{
  sp_session *session = sp_session_new(&(sp_session_options){.max_connections = 1});
  asked second = {.session = session, .path = "ok", .timeout = 20};
  first.session = session;
  sp_task *holder = sp_create_task(how, &first);
  sp_sleep(0.1);
  sp_task *waiting = sp_create_task(gather, &second);
  sp_sleep(0.5);
  if (cancels) sp_task_cancel(holder, NULL);
  int ended = sp_await(holder);
  int came = sp_await(waiting);
  printf("%s: %s, then %d\n", name, sp_error_name(ended), came);
  sp_session_free(session);
}

static int run(void *arg)
{
  (void)arg;
  wait_behind("cancelled", gather, (asked){.path = "stall/one"}, true);
  wait_behind("too late", gather, (asked){.path = "stall/two", .timeout = 1}, false);
  wait_behind("too long", gather, (asked){.path = "flood/100000000", .most = 1000}, false);
  wait_behind("given up", open_only, (asked){.path = "flood/100000000"}, false);
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(run, NULL);
}
