/* A request is not touched by what the one before it asked for, or by how that one ended.
 * @server
 * @targets native */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

static const char *server;
static char *first; /* what the server saw of a request before all others */

static char *url_of(const char *path)
{
  char *url = malloc(strlen(server) + strlen(path) + 20);
  if (!url) abort();
  sprintf(url, "%s%s", server, path);
  return url;
}

static int get(const char *path, const sp_fetch_options *options, sp_response *response)
{
  char *url = url_of(path);
  int result = sp_fetch(url, options, response);
  free(url);
  return result;
}

/* What the server sees of a request for a URL and nothing else. */
static char *ask_plainly(void)
{
  sp_response response;
  if (get("echo", NULL, &response) != 200) abort();
  char *seen = response.body;
  response.body = NULL;
  sp_response_free(&response);
  return seen;
}

static void compare(const char *what, int result)
{
  char *seen = ask_plainly();
  bool same = strcmp(seen, first) == 0;
  printf("after %s (%d): %s\n", what, result, same ? "the same" : seen);
  free(seen);
}

static void after(const char *what, const char *path, sp_fetch_options options)
{
  sp_response response;
  int result = get(path, &options, &response);
  sp_response_free(&response);
  compare(what, result < 0 ? -1 : result);
}

static void after_pieces(void)
{
  sp_response response;
  char *url = url_of("ok");
  int result = sp_fetch_open(url, NULL, &response);
  free(url);
  sp_response_free(&response);
  compare("a body in pieces", result);
}

static void after_password(void)
{
  sp_response response;
  char url[200];
  snprintf(url, sizeof url, "http://me:secret@%secho", server + strlen("http://"));
  int result = sp_fetch(url, NULL, &response);
  bool told = result == 200 && strstr(response.body, "authorization");
  sp_response_free(&response);
  compare(told ? "a password" : "a password that was not sent", result);
}

static int run(void *arg)
{
  (void)arg;
  static const sp_header headers[] = {{.name = "X-Test", .value = "yes"}};
  first = ask_plainly();
  compare("the same", 200);
  after("a header", "echo", (sp_fetch_options){.headers = headers, .header_count = 1});
  after("a body", "echo", (sp_fetch_options){.body = "body", .body_size = 4});
  after("HEAD", "ok", (sp_fetch_options){.method = "HEAD"});
  after("DELETE", "echo", (sp_fetch_options){.method = "DELETE"});
  after("a redirect", "redirect/1", (sp_fetch_options){.method = NULL});
  after("too many redirects", "redirect/3", (sp_fetch_options){.max_redirects = 1});
  after("a refused redirect", "redirect/1", (sp_fetch_options){.redirect = SP_REDIRECT_ERROR});
  after("no redirect", "status/304", (sp_fetch_options){.method = NULL});
  after("half an answer", "truncated", (sp_fetch_options){.method = NULL});
  after("no answer", "reset", (sp_fetch_options){.method = NULL});
  after("a timeout", "slow/5", (sp_fetch_options){.timeout = 0.05});
  after("an answer too long", "size/100", (sp_fetch_options){.max_body_size = 1});
  after_pieces();
  after_password();
  compare("all that", 0);
  after("a redirect, again", "redirect/2", (sp_fetch_options){.method = NULL});
  free(first);
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(run, NULL);
}
