/* A body in pieces that ends badly: the error comes, again and again. A task
 * that is cancelled while it reads may free the response or read on.
 * @server */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static const char *server;

static int open_path(const char *path, const sp_fetch_options *options, sp_response *response)
{
  char url[200];
  snprintf(url, sizeof url, "%s%s", server, path);
  return sp_fetch_open(url, options, response);
}

static void read_to_error(const char *path, const sp_fetch_options *options, int expected)
{
  sp_response response;
  char piece[1000];
  int status = open_path(path, options, &response);
  int size;
  do size = sp_response_read(&response, piece, sizeof piece);
  while (size > 0);
  bool says_where = strstr(sp_error_message(), path) != NULL;
  bool is_expected = size == expected || (status < 0 && status == expected);
  printf("%s: %d, %s", path, status, sp_error_name(size));
  if (!is_expected) printf(" (%s)", sp_error_message());
  printf(", says where: %d, again: %d\n", says_where,
         sp_response_read(&response, piece, sizeof piece) == size);
  sp_response_free(&response);
}

/* What the server has seen of /stall/held; it may hear of it a little later. */
static bool server_says(const char *wanted)
{
  for (int i = 0; i < 100; i++) {
    char url[200];
    snprintf(url, sizeof url, "%sstalled/held", server);
    sp_response response;
    bool said = sp_fetch(url, NULL, &response) == 200 && strcmp(response.body, wanted) == 0;
    sp_response_free(&response);
    if (said) return true;
    sp_sleep(0.02);
  }
  return false;
}

static int read_stalled(void *arg)
{
  sp_response *response = arg;
  char piece[10];
  return sp_response_read(response, piece, sizeof piece);
}

static int hold_stalled(void *arg)
{
  (void)arg;
  sp_response response;
  char piece[10];
  int result = open_path("stall/held", NULL, &response);
  while (result >= 0) result = sp_response_read(&response, piece, sizeof piece);
  sp_response_free(&response);
  return result;
}

static void cancel_readers(void)
{
  sp_task *tasks[3];
  for (int i = 0; i < 3; i++) tasks[i] = sp_create_task(hold_stalled, NULL);
  printf("open: %d\n", server_says("{\"opened\":3,\"closed\":0}"));
  for (int i = 0; i < 3; i++) sp_task_cancel(tasks[i], NULL);
  for (int i = 0; i < 3; i++) printf("%s\n", sp_error_name(sp_await(tasks[i])));
  printf("closed: %d\n", server_says("{\"opened\":3,\"closed\":3}"));
}

static void read_on_after_cancel(void)
{
  sp_response response;
  char piece[10];
  int total = 0, size;
  open_path("drip?bytes=8&seconds=0.4", NULL, &response);
  total += sp_response_read(&response, piece, 1);
  sp_task *task = sp_create_task(read_stalled, &response);
  sp_sleep(0);
  printf("another task: %s\n", sp_error_name(sp_response_read(&response, piece, 1)));
  sp_task_cancel(task, NULL);
  printf("cancelled: %s\n", sp_error_name(sp_await(task)));
  while ((size = sp_response_read(&response, piece, sizeof piece)) > 0) total += size;
  printf("then all: %d, %d\n", total, size);
  sp_response_free(&response);
}

static void cancel_open(void)
{
  sp_response response = {.status = 1};
  sp_timeout limit;
  sp_timeout_open(&limit, 0.05);
  int result = sp_timeout_close(&limit, open_path("hang", NULL, &response));
  printf("opening: %s, zeroed: %d\n", sp_error_name(result),
         response.status == 0 && response.stream == NULL);
}

static int run(void *arg)
{
  (void)arg;
  cancel_readers();
  sp_fetch_options hurried = {.timeout = 0.3};
  read_to_error("truncated", NULL, SP_ETRUNCATED);
  read_to_error("truncated-chunked", NULL, SP_ETRUNCATED);
  read_to_error("drip?bytes=10&seconds=5", &hurried, SP_ETIMEDOUT);
  read_to_error("stall", &hurried, SP_ETIMEDOUT);
  read_on_after_cancel();
  cancel_open();
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(run, NULL);
}
