/* HTTP: the part of sp_fetch that is the same everywhere.
 *
 * The host moves the bytes. Here a request is checked, its answer is gathered, a timeout or a
 * cancellation ends the exchange, and an error gets its message. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"

/* --- the answer --- */

typedef struct sp__headers {
  sp_header *list;
  size_t count;
  size_t room;
} header_list;

static char *copy_of(const char *text, size_t size)
{
  char *copy = malloc(size + 1);
  if (!copy) return NULL;
  memcpy(copy, text, size);
  copy[size] = '\0';
  return copy;
}

static void free_headers(sp_header *list, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    free((char *)list[i].name);
    free((char *)list[i].value);
  }
  free(list);
}

static void free_list(header_list *headers)
{
  if (!headers) return;
  free_headers(headers->list, headers->count);
  free(headers);
}

static int grow_list(header_list *headers)
{
  if (headers->count < headers->room) return 0;
  size_t room = headers->room ? headers->room * 2 : 16;
  sp_header *list = realloc(headers->list, room * sizeof *list);
  if (!list) return SP_ENOMEM;
  headers->list = list;
  headers->room = room;
  return 0;
}

int sp__fetch_on_head(sp__fetch *fetch, int status, const char *url)
{
  char *copy = sp__message_copy(url);
  header_list *headers = calloc(1, sizeof *headers);
  if (!copy || !headers) {
    free(copy);
    free(headers);
    return SP_ENOMEM;
  }
  free(fetch->response.url);
  free_list(fetch->headers);
  fetch->response.status = status;
  fetch->response.url = copy;
  fetch->response.body_size = 0;
  fetch->headers = headers;
  return 0;
}

int sp__fetch_on_header(sp__fetch *fetch, const char *name, size_t name_size, const char *value,
                        size_t value_size)
{
  header_list *headers = fetch->headers;
  if (grow_list(headers) < 0) return SP_ENOMEM;
  char *name_copy = copy_of(name, name_size);
  char *value_copy = copy_of(value, value_size);
  if (!name_copy || !value_copy) {
    free(name_copy);
    free(value_copy);
    return SP_ENOMEM;
  }
  for (char *c = name_copy; *c; c++) *c = (char)tolower((unsigned char)*c);
  headers->list[headers->count++] = (sp_header){.name = name_copy, .value = value_copy};
  return 0;
}

/* One byte more than the body, for the NUL. */
void *sp__fetch_body_room(sp__fetch *fetch, size_t size)
{
  sp_response *response = &fetch->response;
  if (size > SIZE_MAX / 4 - response->body_size) return NULL;
  size_t needed = response->body_size + size + 1;
  if (needed > fetch->body_room) {
    size_t room = fetch->body_room ? fetch->body_room : 4096;
    while (room < needed) room *= 2;
    char *body = realloc(response->body, room);
    if (!body) return NULL;
    response->body = body;
    fetch->body_room = room;
  }
  return (char *)response->body + response->body_size;
}

void sp__fetch_body_filled(sp__fetch *fetch, size_t size)
{
  sp_response *response = &fetch->response;
  response->body_size += size;
  ((char *)response->body)[response->body_size] = '\0';
}

int sp__fetch_on_body(sp__fetch *fetch, const void *data, size_t size)
{
  void *room = sp__fetch_body_room(fetch, size);
  if (!room) return SP_ENOMEM;
  if (size > 0) memcpy(room, data, size);
  sp__fetch_body_filled(fetch, size);
  return 0;
}

/* The answer goes to the caller. A body of nothing is an empty string. */
static int hand_over(sp__fetch *fetch, sp_response *response)
{
  if (sp__fetch_on_body(fetch, NULL, 0) < 0) return SP_ENOMEM;
  *response = fetch->response;
  fetch->response = (sp_response){.status = 0};
  if (fetch->headers) {
    response->headers = fetch->headers->list;
    response->header_count = fetch->headers->count;
    free(fetch->headers);
    fetch->headers = NULL;
  }
  return response->status;
}

void sp_response_free(sp_response *response)
{
  free_headers(response->headers, response->header_count);
  free(response->url);
  free(response->body);
  *response = (sp_response){.status = 0};
}

static bool same_name(const char *a, const char *b)
{
  while (*a && tolower((unsigned char)*a) == tolower((unsigned char)*b)) a++, b++;
  return tolower((unsigned char)*a) == tolower((unsigned char)*b);
}

const char *sp_response_header(const sp_response *response, const char *name)
{
  for (size_t i = 0; i < response->header_count; i++) {
    if (same_name(response->headers[i].name, name)) return response->headers[i].value;
  }
  return NULL;
}

/* --- the request --- */

static bool is_token(const char *text)
{
  if (!*text) return false;
  for (const char *c = text; *c; c++) {
    if (*c <= ' ' || *c > '~' || strchr("()<>@,;:\\\"/[]?={}", *c)) return false;
  }
  return true;
}

/* A line break in a header would be a header of its own. */
static bool is_header(const sp_header *header)
{
  return header->name && header->value && is_token(header->name) && !strpbrk(header->value, "\r\n");
}

static bool takes_no_body(const char *method)
{
  return same_name(method, "GET") || same_name(method, "HEAD");
}

/* As in the fetch standard: tunnels and traces are for proxies. */
static bool is_forbidden(const char *method)
{
  return same_name(method, "CONNECT") || same_name(method, "TRACE") || same_name(method, "TRACK");
}

static int check_options(const sp_fetch_options *options, const char *method)
{
  if (!is_token(method)) return sp_fail(SP_EINVAL, "'%s' is no HTTP method", method);
  if (is_forbidden(method)) return sp_fail(SP_EINVAL, "%s requests cannot be made", method);
  if (options->body && takes_no_body(method)) {
    return sp_fail(SP_EINVAL, "a %s request takes no body", method);
  }
  if (isnan(options->timeout) || options->timeout < 0) {
    return sp_fail(SP_EINVAL, "a timeout is 0 (none) or more seconds, not %g", options->timeout);
  }
  if (options->max_redirects < 0) return sp_fail(SP_EINVAL, "max_redirects is 0 (20) or more");
  for (size_t i = 0; i < options->header_count; i++) {
    if (!is_header(&options->headers[i])) {
      const char *name = options->headers[i].name;
      return sp_fail(SP_EINVAL, "header %zu (%s) has a bad name or value", i, name ? name : "NULL");
    }
  }
  return 0;
}

/* --- the exchange --- */

static void drop_fetch(sp__kept *kept)
{
  sp__fetch *fetch = SP__OWNER(kept, sp__fetch, op.kept);
  sp_response_free(&fetch->response);
  free_list(fetch->headers);
  free(fetch->message);
}

static void on_timeout(void *arg)
{
  sp__fetch *fetch = arg;
  if (fetch->op.completing) return;
  sp__host_fetch_abort(fetch->op.loop->host, fetch);
  sp__op_complete(&fetch->op, SP_ETIMEDOUT);
}

/* The task and the host are both through with the exchange when this returns. */
static int wait_for_answer(sp__fetch *fetch, sp__task *task, const char *where)
{
  sp_loop *loop = fetch->op.loop;
  double timeout = fetch->options->timeout;
  sp_handle timer = {.call = NULL, .generation = 0};
  if (timeout > 0) {
    timer = sp_loop_call_later(loop, timeout, on_timeout, fetch);
    if (!timer.call) {
      sp__host_fetch_abort(loop->host, fetch);
      sp__op_forgotten(&fetch->op);
      return SP_ENOMEM;
    }
  }
  int result = sp__op_wait(&fetch->op, task, where);
  sp_handle_cancel(timer);
  if (!fetch->op.completing) {
    sp__host_fetch_abort(loop->host, fetch);
    sp__op_forgotten(&fetch->op);
  }
  return result;
}

static int explain(const sp__fetch *fetch, int code)
{
  if (code == SP_ECANCELED) return code;
  if (code == SP_ETIMEDOUT && !fetch->message) {
    return sp_fail(code, "%s %s: timed out after %g s", fetch->method, fetch->url,
                   fetch->options->timeout);
  }
  return sp_fail(code, "%s %s: %s", fetch->method, fetch->url,
                 fetch->message ? fetch->message : sp_strerror(code));
}

static int exchange(sp__fetch *fetch, sp__task *task, sp_response *response, const char *where)
{
  int result = sp__host_fetch_start(fetch->op.loop->host, fetch);
  if (result < 0) {
    sp__op_forgotten(&fetch->op);
  } else {
    result = wait_for_answer(fetch, task, where);
  }
  if (result >= 0) result = hand_over(fetch, response);
  if (result < 0) result = explain(fetch, result);
  sp__op_abandon(&fetch->op);
  return result;
}

int sp_fetch_at(const char *url, const sp_fetch_options *options, sp_response *response,
                const char *where)
{
  static const sp_fetch_options defaults = {.method = NULL};
  *response = (sp_response){.status = 0};
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  if (!options) options = &defaults;
  const char *method = options->method ? options->method : options->body ? "POST" : "GET";
  int error = check_options(options, method);
  if (error < 0) return error;
  sp__fetch *fetch = sp__op_new(task->future.loop, sizeof *fetch, drop_fetch);
  if (!fetch) return SP_ENOMEM;
  fetch->url = url;
  fetch->method = method;
  fetch->options = options;
  return exchange(fetch, task, response, where);
}
