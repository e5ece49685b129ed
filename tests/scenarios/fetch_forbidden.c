/* What a browser forbids is an error that says so.
 * @server
 * @targets chromium firefox */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static const char *server;

static void try_path(const char *path, const sp_header *header, const char *method)
{
  char url[200];
  snprintf(url, sizeof url, "%s%s", server, path);
  sp_response response;
  sp_fetch_options options = {.headers = header, .header_count = header != NULL, .method = method};
  int status = sp_fetch(url, &options, &response);
  bool told = status < 0 && status != SP_ENETWORK;
  const char *what = told ? strstr(sp_error_message(), path) + strlen(path) : "";
  const char *origin = strstr(what, "http://");
  int shown = (int)(origin ? (size_t)(origin - what) : strlen(what));
  printf("%s: %d %s%.*s%s\n", path, status, sp_error_name(status), shown, what,
         origin ? "(the page's)" : "");
  sp_response_free(&response);
}

static int run(void *arg)
{
  (void)arg;
  try_path("echo", &(sp_header){"Cookie", "a=1"}, NULL);
  try_path("echo", &(sp_header){"Host", "elsewhere"}, NULL);
  try_path("echo", &(sp_header){"Accept-Encoding", "gzip"}, NULL);
  try_path("echo", &(sp_header){"X-Test", "1"}, NULL);
  try_path("no-cors", NULL, NULL);
  try_path("no-cors", NULL, "POST");
  try_path("reset", NULL, NULL);
  try_path("redirect-loop", NULL, NULL);
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(run, NULL);
}
