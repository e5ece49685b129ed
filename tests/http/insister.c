/* Asks for a URL, and for it again and again until the first request has ended: what http.test.mjs
 * drives where the kernel watches one socket at a time. Says how the first request ended, and whether
 * another was refused meanwhile. */
#include <stdio.h>

#include "spindle.h"

static bool ended;

static int ask(void *url)
{
  sp_response response;
  int status = sp_fetch(url, NULL, &response);
  printf("%s\n", status < 0 ? sp_error_message() : (const char *)response.body);
  sp_response_free(&response);
  ended = true;
  return status;
}

static int insist(void *url)
{
  bool refused = false;
  sp_task *first = sp_create_task(ask, url);
  int error = sp_sleep(0);
  while (error == 0 && !ended) {
    sp_response response;
    if (sp_fetch(url, NULL, &response) == SP_EIO) refused = true;
    sp_response_free(&response);
  }
  printf("%s\n", refused ? "refused" : "not refused");
  return sp_await(first);
}

int main(int argc, char **argv)
{
  if (argc != 2) return 2;
  return sp_run(insist, argv[1]) < 0;
}
