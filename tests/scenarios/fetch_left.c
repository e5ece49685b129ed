/* Closing a loop while a task reads a body in pieces, another sends one, and a session is open.
 * @server
 * @stderr (Task was destroyed but it is pending!\nfuture: <Task pending name='Task-\d'[^\n]*\n){3} */
#include <stdio.h>

#include "spindle.h"

static char url[200], echo_url[200];
static sp_session *session;

static int reads(void *arg)
{
  (void)arg;
  sp_response response;
  char piece[100];
  sp_fetch_options options = {.session = session, .timeout = 60};
  int result = sp_fetch_open(url, &options, &response);
  while (result > 0) result = sp_response_read(&response, piece, sizeof piece);
  printf("never\n");
  return 0;
}

static int holds(void *arg)
{
  (void)arg;
  sp_response response;
  char byte;
  sp_fetch_open(url, NULL, &response);
  sp_response_read(&response, &byte, 1);
  sp_sleep(100);
  printf("never\n");
  return 0;
}

static int nap_then_give(void *arg, void *buffer, size_t size)
{
  (void)arg, (void)buffer, (void)size;
  return sp_sleep(100);
}

static int sends(void *arg)
{
  (void)arg;
  sp_response response;
  sp_fetch_options options = {.read_body = nap_then_give, .session = session};
  sp_fetch(echo_url, &options, &response);
  printf("never\n");
  return 0;
}

static int nap(void *arg)
{
  (void)arg;
  session = sp_session_new(NULL);
  sp_task_detach(sp_loop_create_task(sp_loop_running(), reads, NULL));
  sp_task_detach(sp_loop_create_task(sp_loop_running(), holds, NULL));
  sp_task_detach(sp_loop_create_task(sp_loop_running(), sends, NULL));
  return sp_sleep(0.2);
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  snprintf(url, sizeof url, "%sstall", argv[1]);
  snprintf(echo_url, sizeof echo_url, "%secho", argv[1]);
  sp_loop *loop = sp_loop_new(NULL);
  sp_task *task = sp_loop_create_task(loop, nap, NULL);
  printf("run: %d\n", sp_loop_run_until_complete(loop, task));
  sp_task_detach(task);
  printf("close: %d\n", sp_loop_free(loop));
  return 0;
}
