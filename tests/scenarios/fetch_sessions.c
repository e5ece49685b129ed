/* Sessions limit how many connections there are; one that is freed waits for its requests.
 * @server */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

enum { MANY = 12 };

static const char *server;

static int get(const char *path, sp_session *session, sp_response *response)
{
  char url[200];
  snprintf(url, sizeof url, "%s%s", server, path);
  sp_fetch_options options = {.session = session};
  return sp_fetch(url, &options, response);
}

static int join_crowd(void *session)
{
  sp_response response;
  int status = get("crowd", session, &response);
  sp_response_free(&response);
  return status;
}

/* How many were there at once. */
static int most(void)
{
  sp_response response;
  int count = get("most", NULL, &response) < 0 ? -1 : atoi(response.body);
  sp_response_free(&response);
  return count;
}

static int all_of(sp_task **tasks, int wanted)
{
  int right = 0;
  for (int i = 0; i < MANY; i++) right += sp_await(tasks[i]) == wanted;
  return right;
}

static void crowd(const char *name, sp_session_options options)
{
  sp_session *session = sp_session_new(&options);
  sp_task *tasks[MANY];
  for (int i = 0; i < MANY; i++) tasks[i] = sp_create_task(join_crowd, session);
  int right = all_of(tasks, 200);
  printf("%s: %d right, %d at once\n", name, right, most());
  sp_session_free(session);
}

/* Those that wait for their turn can be cancelled, and the others go on. */
static void cancel_some(sp_session_options options)
{
  sp_session *session = sp_session_new(&options);
  sp_task *tasks[MANY];
  for (int i = 0; i < MANY; i++) tasks[i] = sp_create_task(join_crowd, session);
  sp_sleep(0.02);
  for (int i = 0; i < MANY; i += 2) sp_task_cancel(tasks[i], NULL);
  int right = 0, cancelled = 0;
  for (int i = 0; i < MANY; i++) {
    int status = sp_await(tasks[i]);
    right += status == 200;
    cancelled += status == SP_ECANCELED;
  }
  printf("cancelled: %d, right: %d\n", cancelled, right);
  sp_session_free(session);
}

static void free_early(void)
{
  sp_session *session = sp_session_new(NULL);
  sp_task *tasks[MANY];
  for (int i = 0; i < MANY; i++) tasks[i] = sp_create_task(join_crowd, session);
  sp_sleep(0.02);
  sp_session_free(session);
  printf("freed early: %d right\n", all_of(tasks, 200));
  most();
}

/* A response in pieces has its connection until it is freed. */
static void hold_connection(void)
{
  sp_session *session = sp_session_new(&(sp_session_options){.max_connections = 1});
  char url[200];
  snprintf(url, sizeof url, "%sstall", server);
  sp_response response;
  sp_fetch_options options = {.session = session};
  sp_fetch_open(url, &options, &response);
  sp_task *task = sp_create_task(join_crowd, session);
  sp_sleep(0.15);
  printf("while one is held: done: %d\n", sp_future_done(task));
  sp_response_free(&response);
  printf("then: %d\n", sp_await(task));
  sp_session_free(session);
}

static int run(void *arg)
{
  (void)arg;
  crowd("two connections", (sp_session_options){.max_connections = 2});
  crowd("three to a host", (sp_session_options){.max_connections_per_host = 3});
  crowd("two, and one to a host",
        (sp_session_options){.max_connections = 2, .max_connections_per_host = 1});
  cancel_some((sp_session_options){.max_connections = 2});
  cancel_some((sp_session_options){.max_connections_per_host = 2});
  most();
  free_early();
  hold_connection();
  sp_session *wrong = sp_session_new(&(sp_session_options){.max_connections = -1});
  printf("negative: %d, %s\n", wrong == NULL, sp_error_message());
  sp_session_free(NULL);
  sp_session_free(sp_session_new(NULL));
  printf("left to the loop: %d\n", sp_session_new(NULL) != NULL);
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  int result = sp_run(run, NULL);
  printf("no loop: %d\n", sp_session_new(NULL) == NULL);
  return result;
}
