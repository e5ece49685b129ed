/* Makes two requests for each case, at a URL of its number, and says in a line what came of each: what
 * mutation.test.mjs drives. The two share a session, which is no other case's.
 *
 * asks URL WORD...: a word a case: GET, HEAD, PIECES (a GET whose body is read in pieces), HURRY (one that
 * waits a second and no longer) or SMALL (one whose body may have a thousand bytes). A line: the case, the request, and the status, the header x-own and the body, or
 * the error. The second request is always a GET. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

enum { AT_ONCE = 24, SHOWN_MAX = 120, URL_MAX = 100 };

static const double patience = 20; /* seconds, for what never ends */

typedef struct asking {
  const char *url;
  char **words;
  int next;
  int count;
} asking;

static void show_bytes(const char *text, size_t size)
{
  for (size_t i = 0; i < size && i < SHOWN_MAX; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c >= ' ' && c <= '~' && c != '\\')
      putchar(c);
    else
      printf("\\x%02x", c);
  }
  if (size > SHOWN_MAX) printf("... %zu bytes", size);
}

static void show(int number, int turn, int result, const sp_response *response, const char *body,
                 size_t size)
{
  printf("%d\t%d\t", number, turn);
  if (result < 0) {
    printf("%s\t%s\n", sp_error_name(result), sp_error_message());
    return;
  }
  const char *own = sp_response_header(response, "x-own");
  printf("%d ", result);
  if (own && *own) printf("["), show_bytes(own, strlen(own)), printf("] ");
  show_bytes(body, size);
  printf("\t\n");
}

/* The body's beginning is enough. */
static int read_pieces(sp_response *response, char *body, size_t room, size_t *size)
{
  char piece[50];
  int got;
  while ((got = sp_response_read(response, piece, sizeof piece)) > 0) {
    for (int i = 0; i < got; i++, (*size)++) {
      if (*size < room) body[*size] = piece[i];
    }
  }
  return got;
}

static void ask(const asking *all, sp_session *session, int number, int turn)
{
  const char *word = turn == 1 ? all->words[number] : "GET";
  bool hurries = strcmp(word, "HURRY") == 0;
  sp_fetch_options options = {.session = session, .timeout = hurries ? 1 : patience};
  sp_response response;
  char url[URL_MAX], body[SHOWN_MAX];
  size_t size = 0;
  if (strcmp(word, "HEAD") == 0) options.method = word;
  if (strcmp(word, "SMALL") == 0) options.max_body_size = 1000;
  snprintf(url, sizeof url, "%s%d/%d", all->url, number, turn);
  if (strcmp(word, "PIECES") == 0) {
    int result = sp_fetch_open(url, &options, &response);
    int got = result < 0 ? result : read_pieces(&response, body, sizeof body, &size);
    show(number, turn, got < 0 ? got : result, &response, body, size);
  } else {
    int result = sp_fetch(url, &options, &response);
    show(number, turn, result, &response, response.body, response.body_size);
  }
  sp_response_free(&response);
}

static int ask_some(void *arg)
{
  asking *all = arg;
  while (all->next < all->count) {
    int number = all->next++;
    sp_session *session = sp_session_new(NULL);
    if (!session) return SP_ENOMEM;
    ask(all, session, number, 1);
    ask(all, session, number, 2);
    sp_session_free(session);
  }
  return 0;
}

static int run(void *arg)
{
  sp_task *tasks[AT_ONCE];
  int result = 0;
  for (int i = 0; i < AT_ONCE; i++) tasks[i] = sp_create_task(ask_some, arg);
  for (int i = 0; i < AT_ONCE; i++) {
    int error = sp_await(tasks[i]);
    if (error < 0) result = error;
  }
  return result;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  asking all = {.url = argv[1], .words = argv + 2, .count = argc - 2};
  return sp_run(run, &all);
}
