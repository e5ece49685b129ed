#include "get.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "events.h"
#include "failure.h"

enum { PIECE = 16384 };

typedef struct request {
  const char *path;
  const char *name;      /* of the file, if the response goes into one */
  sp_file **file;        /* that file */
  sp_response *response; /* where it goes otherwise */
  size_t limit;
} request;

const char *path_of_file(download *self, const char *name)
{
  char *path;
  const char *directory = self->downloader->options.output;
  const char *separator = directory ? "/" : "";
  if (asprintf(&path, "%s%s%s", directory ? directory : "", separator, name) < 0) return NULL;
  free(self->file);
  return self->file = path;
}

/* --- once --- */

static int check_status(int status, const char *url)
{
  if (status < 0 || status == 200) return status;
  return sp_fail(code_of_status(status), "GET %s: HTTP status %d%s", url, status,
                 status == 404 ? ", not found" : "");
}

static int receive(download *self, sp_response *response, sp_file *file)
{
  char *piece = malloc(PIECE);
  int size = piece ? 1 : SP_ENOMEM;
  self->bytes = 0;
  while (size > 0) {
    size = sp_response_read(response, piece, PIECE);
    if (size <= 0) break;
    self->bytes += (size_t)size;
    int error = sp_file_write(file, piece, (size_t)size);
    if (error < 0) size = error;
  }
  free(piece);
  return size;
}

static int ask_for_file(download *self, const request *wish, const char *url,
                        const sp_fetch_options *options)
{
  sp_response response;
  int status = sp_fetch_open(url, options, &response);
  if (status < 0) return status;
  event_phase(self, "receiving");
  int result = check_status(status, url);
  if (result > 0) {
    const char *path = path_of_file(self, wish->name);
    *wish->file = path ? sp_file_new(path) : NULL;
    result = *wish->file ? receive(self, &response, *wish->file) : SP_ENOMEM;
  }
  sp_response_free(&response);
  return result;
}

static int ask_for_body(const request *wish, const char *url, const sp_fetch_options *options)
{
  int result = check_status(sp_fetch(url, options, wish->response), url);
  if (result > 0) return 0;
  sp_response_free(wish->response);
  return result;
}

static int ask(download *self, const request *wish)
{
  char *url;
  const struct options *options = &self->downloader->options;
  const sp_fetch_options how = {.timeout = options->timeout, .max_body_size = wish->limit};
  if (asprintf(&url, "%s/%s", options->site.base, wish->path) < 0) return SP_ENOMEM;
  event_phase(self, "connecting");
  int result = wish->file ? ask_for_file(self, wish, url, &how) : ask_for_body(wish, url, &how);
  free(url);
  return result;
}

static int ask_in_turn(download *self, const request *wish)
{
  event_phase(self, "waiting");
  int error = sp_semaphore_acquire(&self->downloader->turns);
  if (error < 0) return error;
  int result = ask(self, wish);
  sp_semaphore_release(&self->downloader->turns);
  return result;
}

/* --- again --- */

/* What may be better in a while: the network's troubles, and a server that says so. */
static bool is_worth_another(int code)
{
  static const int passing[] = {SP_ETIMEDOUT, SP_ECONNREFUSED, SP_ECONNRESET,
                                SP_EDNS,      SP_ETRUNCATED,   SP_ENETWORK};
  int status = status_of_code(code);
  if (status == 408 || status == 429 || status >= 500) return true;
  for (size_t i = 0; i < sizeof passing / sizeof *passing; i++) {
    if (code == passing[i]) return true;
  }
  return false;
}

/* Twice as long each time, and never the same for all: they would all come back at once. */
static double backoff(int failures)
{
  const double first = 0.25;
  const double longest = 10;
  double jitter = (double)rand() / RAND_MAX;
  return fmin(first * pow(2, failures), longest) * (0.5 + jitter / 2);
}

static int get(download *self, const request *wish)
{
  for (int failures = 0;; failures++) {
    int result = ask_in_turn(self, wish);
    if (failures == self->downloader->options.retries || !is_worth_another(result)) return result;
    if (wish->file) {
      sp_file_free(*wish->file);
      *wish->file = NULL;
    }
    event_phase(self, "backoff");
    int cancelled = sp_sleep(backoff(failures));
    if (cancelled < 0) return cancelled;
  }
}

int get_body(download *self, const char *path, size_t limit, sp_response *response)
{
  return get(self, &(request){.path = path, .response = response, .limit = limit});
}

int get_file(download *self, const char *path, const char *name, sp_file **file)
{
  *file = NULL;
  return get(self, &(request){.path = path, .name = name, .file = file});
}
