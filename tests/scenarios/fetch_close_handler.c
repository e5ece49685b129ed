/* What a loop's end leaves of sessions and open responses may be freed by the exception handler, when
 * it is told of the task that had them.
 * @server */
#include <stdio.h>

#include "spindle.h"

static const char *server;
static sp_session *session;
static sp_response response;

static int hold(void *arg)
{
  char url[200];
  (void)arg;
  session = sp_session_new(NULL);
  snprintf(url, sizeof url, "%sstall/handler", server);
  sp_fetch_options options = {.session = session};
  int status = sp_fetch_open(url, &options, &response);
  printf("open: %d\n", status);
  sp_loop_stop(sp_loop_running());
  return sp_sleep(1000);
}

static void free_all(sp_loop *loop, const sp_report *report, void *arg)
{
  (void)loop, (void)arg;
  printf("%s\n", report->message);
  sp_response_free(&response);
  sp_session_free(session);
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  sp_loop *loop = sp_loop_new(NULL);
  if (!loop) return 1;
  sp_loop_set_exception_handler(loop, free_all, NULL);
  sp_task *task = sp_loop_create_task(loop, hold, NULL);
  printf("run: %d\n", sp_loop_run_forever(loop));
  printf("close: %d\n", sp_loop_close(loop));
  sp_loop_free(loop);
  (void)task;
  return 0;
}
