/* A body that is given in pieces arrives whole; its reader may wait for other things, and what it does
 * wrong fails the request.
 * @server */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

enum { LARGE = 3000000 };

static const char *server;

/* What a reader gives, and how. */
typedef struct source {
  size_t size;
  size_t most;    /* in one piece */
  double seconds; /* before each */
  double limit;   /* for these, unless it is 0 */
  size_t given;
  int error; /* at the end */
  int calls;
} source;

static int pause_before(const source *from)
{
  if (from->seconds <= 0) return 0;
  if (from->limit <= 0) return sp_sleep(from->seconds);
  sp_timeout limit;
  int error = sp_timeout_open(&limit, from->limit);
  return error < 0 ? error : sp_timeout_close(&limit, sp_sleep(from->seconds));
}

static int give(void *arg, void *buffer, size_t size)
{
  source *from = arg;
  size_t left = from->size - from->given;
  size_t now = left < size ? left : size;
  if (from->most > 0 && now > from->most) now = from->most;
  from->calls++;
  int error = pause_before(from);
  if (error < 0) return error;
  if (left == 0 && from->error == SP_EUSER) return sp_fail(SP_EUSER, "the source is dry");
  if (left == 0 && from->error != 0) return from->error;
  for (size_t i = 0; i < now; i++) {
    size_t at = from->given + i;
    ((unsigned char *)buffer)[i] = (unsigned char)(at * 31 + (at >> 8));
  }
  from->given += now;
  return (int)now;
}

static int send_to(const char *path, source *from, sp_fetch_options options, sp_response *response)
{
  char url[200];
  snprintf(url, sizeof url, "%s%s", server, path);
  options.read_body = give;
  options.read_body_arg = from;
  return sp_fetch(url, &options, response);
}

/* The server sends back what it got. */
static void echo(const char *name, source from, size_t body_size, const char *method)
{
  sp_response response;
  int status = send_to("echo?raw", &from,
                       (sp_fetch_options){.body_size = body_size, .method = method}, &response);
  const unsigned char *body = response.body;
  size_t wrong = 0;
  for (size_t i = 0; i < response.body_size; i++) {
    wrong += body[i] != (unsigned char)(i * 31 + (i >> 8));
  }
  printf("%s: %d, %zu bytes, %zu wrong\n", name, status, response.body_size, wrong);
  sp_response_free(&response);
}

/* The answer begins before the body is all sent, and each waits for the other. */
static void mirror(void)
{
  static unsigned char piece[50000];
  char url[200];
  source from = {.size = LARGE, .most = 30000};
  snprintf(url, sizeof url, "%smirror", server);
  sp_fetch_options options = {.read_body = give, .read_body_arg = &from};
  sp_response response;
  int status = sp_fetch_open(url, &options, &response);
  size_t total = 0, wrong = 0;
  int size;
  while ((size = sp_response_read(&response, piece, sizeof piece)) > 0) {
    for (size_t i = 0; i < (size_t)size; i++, total++) {
      wrong += piece[i] != (unsigned char)(total * 31 + (total >> 8));
    }
  }
  printf("mirror: %d, %zu bytes, %zu wrong, then %d\n", status, total, wrong, size);
  sp_response_free(&response);
}

static void show_length(const char *name, size_t body_size)
{
  sp_response response;
  source from = {.size = 1000};
  send_to("echo", &from, (sp_fetch_options){.body_size = body_size}, &response);
  const char *body = response.body;
  printf("%s: POST: %d, length told: %d\n", name, strstr(body, "\"POST\"") != NULL,
         strstr(body, "\"content-length\":\"1000\"") != NULL);
  sp_response_free(&response);
}

static void fail(const char *name, const char *path, source from, sp_fetch_options options)
{
  sp_response response;
  int status = send_to(path, &from, options, &response);
  const char *message = sp_error_message();
  const char *what = strstr(message, path);
  printf("%s: %s: %s\n", name, sp_error_name(status), what ? what + strlen(path) + 2 : message);
  sp_response_free(&response);
}

static int upload_for_ever(void *arg)
{
  sp_response response;
  int status = send_to("echo", arg, (sp_fetch_options){.method = "PUT"}, &response);
  sp_response_free(&response);
  return status;
}

static void cancel_upload(void)
{
  source from = {.size = 1000, .most = 1, .seconds = 0.05};
  sp_task *task = sp_create_task(upload_for_ever, &from);
  sp_sleep(0.2);
  sp_task_cancel(task, NULL);
  printf("cancelled: %s\n", sp_error_name(sp_await(task)));
}

/* A server that does not take the body answers all the same. */
static void answer_early(void)
{
  sp_response response;
  source from = {.size = 50000000};
  int status = send_to("early/413", &from, (sp_fetch_options){.method = "PUT"}, &response);
  printf("early: %d, %s", status, status < 0 ? sp_error_message() : (char *)response.body);
  sp_response_free(&response);
}

static int run(void *arg)
{
  (void)arg;
  echo("large", (source){.size = LARGE}, 0, NULL);
  echo("large, its size known", (source){.size = LARGE}, LARGE, "PUT");
  echo("small pieces", (source){.size = 5000, .most = 7}, 0, NULL);
  echo("slow pieces", (source){.size = 50, .most = 10, .seconds = 0.02}, 50, NULL);
  echo("nothing", (source){.size = 0}, 0, NULL);
  mirror();
  show_length("size known", 1000);
  fail("too few", "echo", (source){.size = 900}, (sp_fetch_options){.body_size = 1000});
  fail("too many", "echo", (source){.size = 1000}, (sp_fetch_options){.body_size = 900});
  fail("one too many", "echo", (source){.size = 1001, .most = 1000},
       (sp_fetch_options){.body_size = 1000});
  fail("reader fails", "echo", (source){.size = 10, .error = SP_EUSER}, (sp_fetch_options){0});
  fail("reader fails without a word", "echo", (source){.size = 10, .error = SP_EIO},
       (sp_fetch_options){0});
  fail("slow reader", "echo", (source){.size = 10, .most = 1, .seconds = 1},
       (sp_fetch_options){.timeout = 0.1});
  fail("slow by itself", "echo", (source){.size = 10, .seconds = 1, .limit = 0.1},
       (sp_fetch_options){0});
  fail("slow by itself, in time", "echo", (source){.size = 10, .seconds = 1, .limit = 0.1},
       (sp_fetch_options){.timeout = 30});
  fail("to GET", "echo", (source){.size = 10}, (sp_fetch_options){.method = "GET"});
  fail("two bodies", "echo", (source){.size = 10}, (sp_fetch_options){.body = "x"});
  cancel_upload();
  answer_early();
  return 0;
}

int main(int argc, char **argv)
{
  if (argc < 2) return 2;
  server = argv[1];
  return sp_run(run, NULL);
}
