/* Makes requests, one after the other, and says what came of each in a line: what hostile.test.mjs drives.
 *
 * asker [OPTION...] URL [[OPTION...] URL]...: the options are those of the next URL. In each word \xNN is
 * that byte. An error's line is its name, a tab and its message. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

enum { HEADERS_MAX = 16, SHOWN_MAX = 100 };

static const double patience = 20; /* seconds, for what never ends */

typedef struct request {
  sp_fetch_options options;
  sp_header headers[HEADERS_MAX];
  const char *shown[HEADERS_MAX]; /* names of headers of the response */
  size_t shown_count;
  const char *pieces; /* the body, to be sent in pieces */
  bool reads_pieces;
  bool shows_url;
  double busy;  /* seconds for which the loop does nothing else, once the request is under way */
  double pause; /* seconds before it begins */
  int times;    /* how many are made at once */
} request;

static const char *url;
static sp_session *session;

/* --- what is shown --- */

static void show_text(const char *text, size_t size)
{
  for (size_t i = 0; i < size; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c >= ' ' && c <= '~' && c != '\\')
      putchar(c);
    else
      printf("\\x%02x", c);
  }
}

static void show_body(const char *body, size_t size)
{
  if (size > SHOWN_MAX)
    printf(" %zu bytes", size);
  else if (size > 0)
    putchar(' '), show_text(body, size);
}

static void show_headers(const request *asked, const sp_response *response)
{
  for (size_t i = 0; i < asked->shown_count; i++) {
    const char *value = sp_response_header(response, asked->shown[i]);
    printf(", %s: ", asked->shown[i]);
    if (value)
      show_text(value, strlen(value));
    else
      printf("none");
  }
}

static void show(const request *asked, int result, const sp_response *response, const char *body,
                 size_t size)
{
  if (result < 0) {
    printf("%s\t%s\n", sp_error_name(result), sp_error_message());
    return;
  }
  printf("%d", result);
  show_body(body, size);
  show_headers(asked, response);
  if (asked->shows_url) printf(", %s", response->url);
  putchar('\n');
}

/* --- the request --- */

static int give(void *arg, void *buffer, size_t size)
{
  const char **pieces = arg;
  size_t left = strlen(*pieces);
  size_t now = left < size ? left : size;
  if (now > 10) now = 10;
  memcpy(buffer, *pieces, now);
  *pieces += now;
  return (int)now;
}

static void gather(request *asked)
{
  sp_response response;
  int result = sp_fetch(url, &asked->options, &response);
  show(asked, result, &response, response.body, response.body_size);
  sp_response_free(&response);
}

static void read_pieces(request *asked)
{
  sp_response response;
  char body[SHOWN_MAX], piece[1000];
  size_t size = 0;
  int result = sp_fetch_open(url, &asked->options, &response);
  int got = result;
  while (got > 0) {
    got = sp_response_read(&response, piece, sizeof piece);
    for (int i = 0; i < got && size + (size_t)i < sizeof body; i++)
      body[size + (size_t)i] = piece[i];
    if (got > 0) size += (size_t)got;
  }
  show(asked, got < 0 ? got : result, &response, body, size);
  sp_response_free(&response);
}

static int ask(void *arg)
{
  request asked = *(request *)arg;
  asked.options.headers = asked.headers;
  asked.options.session = session;
  if (asked.pieces) {
    asked.options.read_body = give;
    asked.options.read_body_arg = &asked.pieces;
  }
  if (asked.reads_pieces)
    read_pieces(&asked);
  else
    gather(&asked);
  return 0;
}

static void keep_busy(double seconds)
{
  double end = sp_loop_time(sp_loop_running()) + seconds;
  while (sp_loop_time(sp_loop_running()) < end) continue;
}

/* The loop is busy once the server may have seen the request. */
static void make(request *asked)
{
  sp_task *tasks[100];
  int count = asked->times;
  if (asked->pause > 0) sp_sleep(asked->pause);
  for (int i = 0; i < count; i++) tasks[i] = sp_create_task(ask, asked);
  if (asked->busy > 0) {
    sp_sleep(0.02);
    keep_busy(asked->busy);
  }
  for (int i = 0; i < count; i++) sp_await(tasks[i]);
}

/* --- the words --- */

static void unescape(char *word)
{
  char *to = word;
  for (const char *from = word; *from; to++) {
    unsigned byte;
    if (sscanf(from, "\\x%2x", &byte) == 1)
      *to = (char)byte, from += 4;
    else
      *to = *from++;
  }
  *to = '\0';
}

static void add_header(request *asked, char *word)
{
  sp_header *header = &asked->headers[asked->options.header_count++];
  char *colon = strstr(word, ": ");
  if (!colon) exit(2);
  *colon = '\0';
  *header = (sp_header){.name = word, .value = colon + 2};
}

/* It stays until the program ends. */
static void add_large_body(request *asked, size_t size)
{
  static char *body;
  free(body);
  body = malloc(size);
  if (!body) exit(2);
  memset(body, 'x', size);
  asked->options.body = body;
  asked->options.body_size = size;
}

static sp_redirect redirect_of(const char *word)
{
  return strcmp(word, "error") == 0 ? SP_REDIRECT_ERROR : SP_REDIRECT_MANUAL;
}

/* -X METHOD, -H HEADER, -d BODY, -D BODY (in pieces), -s SIZE (of a
 * body), -t TIMEOUT, -m MAX_BODY_SIZE, -r error|manual, -p
 * (read in pieces), -i NAME (show that header), -u (show the URL), -b SECONDS (be busy), -w SECONDS
 * (wait first), -n TIMES (at once). The number of words taken. */
static int take_option(request *asked, char **words)
{
  char *word = words[1];
  switch (words[0][1]) {
    case 'p':
      asked->reads_pieces = true;
      return 1;
    case 'u':
      asked->shows_url = true;
      return 1;
    case 'X':
      asked->options.method = word;
      break;
    case 'H':
      add_header(asked, word);
      break;
    case 'd':
      asked->options.body = word;
      asked->options.body_size = strlen(word);
      break;
    case 'D':
      asked->pieces = word;
      break;
    case 's':
      add_large_body(asked, (size_t)atol(word));
      break;
    case 't':
      asked->options.timeout = atof(word);
      break;
    case 'm':
      asked->options.max_body_size = (size_t)atol(word);
      break;
    case 'r':
      asked->options.redirect = redirect_of(word);
      break;
    case 'i':
      asked->shown[asked->shown_count++] = word;
      break;
    case 'b':
      asked->busy = atof(word);
      break;
    case 'w':
      asked->pause = atof(word);
      break;
    case 'n':
      asked->times = atoi(word);
      break;
    default:
      exit(2);
  }
  return 2;
}

static int run(void *arg)
{
  char **words = arg;
  session = sp_session_new(NULL);
  while (*words) {
    request asked = {.times = 1, .options = {.timeout = patience}};
    while (*words && **words == '-') words += take_option(&asked, words);
    url = *words++;
    make(&asked);
  }
  sp_session_free(session);
  return 0;
}

int main(int argc, char **argv)
{
  for (int i = 1; i < argc; i++) unescape(argv[i]);
  return sp_run(run, argv + 1);
}
