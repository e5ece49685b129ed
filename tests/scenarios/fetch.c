/* sp_fetch brings status, headers and body; what the request carries arrives.
 * @server */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static const char *server; /* ends in a slash */

static int get(const char *path, const sp_fetch_options *options, sp_response *response)
{
  char url[200];
  snprintf(url, sizeof url, "%s%s", server, path);
  return sp_fetch(url, options, response);
}

static void show(const char *path)
{
  sp_response response;
  int result = get(path, NULL, &response);
  printf("%s: %d, %zu bytes\n", path, result, response.body_size);
  sp_response_free(&response);
}

/* The server answers with the request as JSON. */
static void echo(const char *path, const sp_fetch_options *options, const char *const *wanted)
{
  sp_response response;
  int result = get(path, options, &response);
  const char *body = result < 0 ? "" : response.body;
  printf("%s: %d", path, result);
  for (; *wanted; wanted++) printf(", %s: %d", *wanted, strstr(body, *wanted) != NULL);
  printf("\n");
  sp_response_free(&response);
}

static void check_bytes(void)
{
  sp_response response;
  get("bytes/300000", NULL, &response);
  const unsigned char *bytes = response.body;
  int wrong = 0;
  for (size_t i = 0; i < response.body_size; i++) {
    wrong += bytes[i] != (unsigned char)(i * 31 + (i >> 8));
  }
  printf("bytes: %zu, %d wrong\n", response.body_size, wrong);
  sp_response_free(&response);
}

static void show_redirected(void)
{
  sp_response response;
  get("redirect/2", NULL, &response);
  printf("ended at ok: %d\n", strcmp(response.url + strlen(response.url) - 3, "/ok") == 0);
  const char *header = sp_response_header(&response, "x-TEST");
  printf("header: %s\n", header ? header : "none");
  printf("no such header: %d\n", sp_response_header(&response, "x-none") == NULL);
  printf("body: %s", (char *)response.body);
  sp_response_free(&response);
}

static int run(void *arg)
{
  (void)arg;
  static const char *const paths[] = {"ok",    "status/404", "status/500",
                                      "empty", "gzip",       "drip?bytes=20&seconds=0.05"};
  for (int i = 0; i < 6; i++) show(paths[i]);
  check_bytes();
  show_redirected();

  sp_header header = {.name = "X-Test", .value = "from C"};
  sp_fetch_options options = {.headers = &header, .header_count = 1};
  echo("echo", &options, (const char *const[]){"\"GET\"", "\"x-test\":\"from C\"", NULL});
  options = (sp_fetch_options){.body = "a body", .body_size = 6};
  echo("echo", &options, (const char *const[]){"\"POST\"", "\"a body\"", NULL});
  options = (sp_fetch_options){.method = "PUT", .body = "put", .body_size = 3};
  echo("echo", &options, (const char *const[]){"\"PUT\"", "\"put\"", NULL});
  options = (sp_fetch_options){.method = "POST", .body = "kept", .body_size = 4};
  echo("redirect-307", &options, (const char *const[]){"\"POST\"", "\"kept\"", NULL});
  echo("redirect-to/303", &options, (const char *const[]){"\"GET\"", "\"kept\"", NULL});
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(run, NULL);
}
