/* Asks for each URL that it is given, all at once, and says what came: what http.test.mjs drives.
 *
 * fetcher [pieces|send|hold|MOST,MOST_PER_HOST] URL...: gathers each body, reads it in pieces,
 * sends 300,000 bytes in pieces, opens it and holds it, hardly read, until all are held and a second
 * longer, or gathers them in a session with these limits. */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

enum { MOST = 2000, SENT = 300000 };

static const char *how = "";
static sp_session *session;
static sp_barrier all_held;

static int give(void *arg, void *buffer, size_t size)
{
  size_t *given = arg;
  size_t now = SENT - *given < size ? SENT - *given : size;
  memset(buffer, 'x', now);
  *given += now;
  return (int)now;
}

static int show(const char *url, int status, size_t size)
{
  if (status < 0) {
    printf("%s %s\n", sp_error_name(status), sp_error_message());
  } else {
    printf("%d %s %zu\n", status, url, size);
  }
  return 0;
}

static int gather(const char *url)
{
  size_t given = 0;
  sp_fetch_options plain = {.session = session};
  sp_fetch_options sending = {.read_body = give, .read_body_arg = &given, .method = "PUT"};
  sp_response response;
  int status = sp_fetch(url, strcmp(how, "send") == 0 ? &sending : &plain, &response);
  show(url, status, response.body_size);
  sp_response_free(&response);
  return status;
}

static int read_pieces(const char *url)
{
  sp_response response;
  char piece[10000];
  size_t total = 0;
  int status = sp_fetch_open(url, NULL, &response);
  int size = status;
  while (size > 0) {
    size = sp_response_read(&response, piece, sizeof piece);
    if (size > 0) total += (size_t)size;
  }
  show(url, size < 0 ? size : status, total);
  sp_response_free(&response);
  return status;
}

static int hold(const char *url)
{
  sp_response response;
  char byte;
  int status = sp_fetch_open(url, NULL, &response);
  int size = sp_response_read(&response, &byte, 1);
  int error = sp_barrier_wait(&all_held);
  if (error >= 0) error = sp_sleep(1);
  show(url, size < 0 ? size : error < 0 ? error : status, 1);
  sp_response_free(&response);
  return status;
}

static int fetch(void *url)
{
  if (strcmp(how, "pieces") == 0) return read_pieces(url);
  if (strcmp(how, "hold") == 0) return hold(url);
  return gather(url);
}

static int run(void *arg)
{
  char **urls = arg;
  static sp_task *tasks[MOST];
  sp_session_options limits = {0};
  if (sscanf(how, "%d,%d", &limits.max_connections, &limits.max_connections_per_host) == 2) {
    session = sp_session_new(&limits);
    if (!session) return SP_ENOMEM;
  }
  int count = 0;
  while (urls[count] && count < MOST) count++;
  int error = sp_barrier_init(&all_held, count);
  if (error < 0) return error;
  for (int i = 0; i < count; i++) tasks[i] = sp_create_task(fetch, urls[i]);
  for (int i = 0; i < count; i++) sp_await(tasks[i]);
  return 0;
}

int main(int argc, char **argv)
{
  int first = 1;
  if (argc > 1 && !strstr(argv[1], "://")) how = argv[first++];
  return sp_run(run, argv + first);
}
