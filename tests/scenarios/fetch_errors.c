/* Whatever goes wrong in a transfer is an error of its own, with a message, and the program goes
 * on. A browser does not tell what kept an answer from beginning: that is SP_ENETWORK there.
 * @server */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static const char *server, *refused;
static bool in_browser;

static void try_url(const char *url, const sp_fetch_options *options, int expected, bool began)
{
  sp_response response;
  int result = sp_fetch(url, options, &response);
  const char *message = sp_error_message();
  bool right = result == expected || (in_browser && !began && result == SP_ENETWORK);
  printf(" %s", right ? sp_error_name(expected) : sp_error_name(result));
  if (!right) printf(" (%d: %s)", result, message);
  bool says_where = strstr(message, url) != NULL;
  bool says_what = strlen(message) > strlen(url) + 8;
  printf("%s%s\n", says_where ? ", says where" : "", says_what ? ", says what" : "");
  sp_response_free(&response);
}

static void try_path(const char *path, const sp_fetch_options *options, int expected, bool began)
{
  char url[200];
  snprintf(url, sizeof url, "%s%s", server, path);
  printf("%s:", path);
  try_url(url, options, expected, began);
}

static int run(void *arg)
{
  (void)arg;
  printf("refused:");
  try_url(refused, NULL, SP_ECONNREFUSED, false);
  printf("no such host:");
  try_url("http://no-such-host.invalid/", NULL, SP_EDNS, false);
  try_path("truncated", NULL, SP_ETRUNCATED, true);
  try_path("truncated-chunked", NULL, SP_ETRUNCATED, true);
  try_path("reset", NULL, SP_ECONNRESET, false);
  sp_fetch_options hurried = {.timeout = 0.1};
  try_path("hang", &hurried, SP_ETIMEDOUT, true);
  try_path("drip?bytes=10&seconds=5", &hurried, SP_ETIMEDOUT, true);
  try_path("redirect-loop", NULL, SP_EREDIRECT, false);
  sp_fetch_options strict = {.redirect = SP_REDIRECT_ERROR};
  try_path("redirect/1", &strict, SP_EREDIRECT, true);
  sp_fetch_options get_with_body = {.method = "GET", .body = "x", .body_size = 1};
  printf("GET with a body: %s\n",
         sp_error_name(sp_fetch(server, &get_with_body, &(sp_response){0})));
  sp_header bad = {.name = "X-Bad", .value = "a\r\nX-Smuggled: 1"};
  sp_fetch_options smuggling = {.headers = &bad, .header_count = 1};
  printf("line break in a header: %s\n",
         sp_error_name(sp_fetch(server, &smuggling, &(sp_response){0})));
  printf("no URL: %s\n", sp_error_name(sp_fetch("http://", NULL, &(sp_response){0})));
  printf("other scheme: %s\n",
         sp_error_name(sp_fetch("gopher://127.0.0.1/", NULL, &(sp_response){0})));
  sp_fetch_options trace = {.method = "TRACE"};
  printf("TRACE: %s\n", sp_error_name(sp_fetch(server, &trace, &(sp_response){0})));
  sp_response response;
  printf("the program goes on: %d\n", sp_fetch(server, NULL, &response));
  sp_response_free(&response);
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 4) return 2;
  server = argv[1];
  refused = argv[2];
  in_browser = strcmp(argv[3], "browser") == 0;
  return sp_run(run, NULL);
}
