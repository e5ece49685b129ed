/* max_body_size: a longer answer is SP_ETOOLARGE, counted after decompression.
 * @server */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static const char *server;

static int get(const char *path, size_t most, const char *method, sp_response *response)
{
  char url[200];
  snprintf(url, sizeof url, "%s%s", server, path);
  sp_fetch_options options = {.max_body_size = most, .method = method};
  return sp_fetch(url, &options, response);
}

static void show(const char *path, size_t most, const char *method)
{
  sp_response response;
  int status = get(path, most, method, &response);
  const char *what = status < 0 ? strstr(sp_error_message(), path) + strlen(path) : "";
  printf("%s %s, %zu: %s, %zu bytes%s\n", method, path, most, sp_error_name(status),
         response.body_size, what);
  sp_response_free(&response);
}

/* What is within the limit may be read before. */
static void show_pieces(const char *path, size_t most)
{
  char url[200], piece[1000];
  snprintf(url, sizeof url, "%s%s", server, path);
  sp_fetch_options options = {.max_body_size = most};
  sp_response response;
  int size = sp_fetch_open(url, &options, &response);
  while (size > 0) size = sp_response_read(&response, piece, sizeof piece);
  printf("%s in pieces, %zu: %s\n", path, most, sp_error_name(size));
  sp_response_free(&response);
}

/* The headers say what was sent, the body is what was meant. */
static void show_compressed(void)
{
  sp_response response;
  get("gzip", 0, "GET", &response);
  const char *encoding = sp_response_header(&response, "content-encoding");
  const char *length = sp_response_header(&response, "content-length");
  printf("gzip: encoding %s, length %s, %zu bytes\n", encoding ? encoding : "none",
         length ? length : "none", response.body_size);
  sp_response_free(&response);
}

static int run(void *arg)
{
  (void)arg;
  show("bytes/1000", 1000, "GET");
  show("bytes/1000", 999, "GET");
  show("bytes/1000", 999, "HEAD");
  show("flood/1000000000", 999, "GET");
  show("chunked/100000", 100000, "GET");
  show("chunked/100000", 99999, "GET");
  show("gzip", 5000, "GET");
  show("gzip", 4999, "GET");
  show("gzip", 100, "GET");
  show("redirect/1", 3, "GET");
  show_pieces("chunked/100000", 100000);
  show_pieces("chunked/100000", 50000);
  show_pieces("bytes/1000", 999);
  show_compressed();
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(run, NULL);
}
