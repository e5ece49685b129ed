/* sp_fetch_open brings the head; sp_response_read the body, piece by piece, to its end.
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

static unsigned char byte_at(size_t i) { return (unsigned char)(i * 31 + (i >> 8)); }

/* Pieces of all sizes: what is read is the body, in its order. */
static void read_all(const char *path, size_t most)
{
  static unsigned char piece[100000];
  sp_response response;
  int status = open_path(path, NULL, &response);
  size_t total = 0, wrong = 0;
  int size;
  while ((size = sp_response_read(&response, piece, most)) > 0) {
    for (int i = 0; i < size; i++) wrong += piece[i] != byte_at(total + (size_t)i);
    total += (size_t)size;
  }
  printf("%s by %zu: %d, %zu bytes, %zu wrong, then %d", path, most, status, total, wrong, size);
  printf(" and %d\n", sp_response_read(&response, piece, most));
  sp_response_free(&response);
}

static void show_head(void)
{
  sp_response response;
  int status = open_path("redirect/2", NULL, &response);
  const char *header = sp_response_header(&response, "X-Test");
  printf("head: %d, %s, ended at ok: %d, body: %d\n", status, header ? header : "none",
         strcmp(response.url + strlen(response.url) - 3, "/ok") == 0, response.body != NULL);
  sp_response_free(&response);
  printf("freed: %d %d\n", response.status, response.stream != NULL);
}

/* The head is there while the body has hardly begun. */
static void show_early_head(void)
{
  sp_response response;
  char text[10] = "";
  int status = open_path("stall", NULL, &response);
  int size = sp_response_read(&response, text, sizeof text - 1);
  printf("early: %d, %d %s\n", status, size, text);
  sp_response_free(&response);
}

static void show_empty(const char *path, const char *method)
{
  sp_response response;
  sp_fetch_options options = {.method = method};
  char byte;
  int status = open_path(path, &options, &response);
  printf("%s %s: %d, read %d\n", method, path, status, sp_response_read(&response, &byte, 1));
  sp_response_free(&response);
}

static void show_misuse(void)
{
  sp_response response;
  char url[200], byte;
  snprintf(url, sizeof url, "%sok", server);
  sp_fetch(url, NULL, &response);
  printf("of sp_fetch: %s\n", sp_error_name(sp_response_read(&response, &byte, 1)));
  sp_response_free(&response);
  sp_fetch_open(url, NULL, &response);
  printf("no room: %s\n", sp_error_name(sp_response_read(&response, &byte, 0)));
  sp_response_free(&response);
  sp_response_free(&response);
  printf("freed twice\n");
}

static int run(void *arg)
{
  (void)arg;
  read_all("bytes/300000", 100000);
  read_all("bytes/300000", 777);
  read_all("bytes/1", 1);
  read_all("chunked/50000", 4096);
  read_all("gzip/3000000", 5000);
  show_head();
  show_early_head();
  show_empty("empty", "GET");
  show_empty("bytes/1000", "HEAD");
  show_misuse();
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(run, NULL);
}
