/* The response to a request: collected as the host reports it, then passed to the program. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "core/error.h"
#include "core/exchange.h"
#include "core/fetch.h"
#include "core/op.h"
#include "spindle.h"

/* AHEAD: with more unread bytes of a body in pieces, the host holds the rest back. */
enum { AHEAD = 65536, MESSAGE_CAPACITY = 100 };

/* --- headers --- */

/* One block: capacity for the headers, followed by their names and values. */
typedef struct sp__headers {
  sp_header *list;
  size_t count;
  size_t capacity;
  size_t text_size;
  size_t text_capacity;
} header_list;

static void free_list(header_list *headers)
{
  if (!headers) return;
  free(headers->list);
  free(headers);
}

static char *text_of(const header_list *headers)
{
  return (char *)(headers->list + headers->capacity);
}

/* Moves the headers so far into a larger block. */
static void move_headers(const header_list *from, header_list *to)
{
  const char *old = text_of(from);
  char *text = text_of(to);
  memcpy(text, old, from->text_size);
  for (size_t i = 0; i < from->count; i++) {
    to->list[i].name = text + (from->list[i].name - old);
    to->list[i].value = text + (from->list[i].value - old);
  }
}

/* Reserves capacity for one more header, with `size` bytes of text. */
static int reserve(header_list *headers, size_t size)
{
  header_list larger = *headers;
  if (headers->count == headers->capacity)
    larger.capacity = headers->capacity ? headers->capacity * 2 : 16;
  if (!larger.text_capacity) larger.text_capacity = 512;
  while (larger.text_capacity < headers->text_size + size) larger.text_capacity *= 2;
  if (larger.capacity == headers->capacity && larger.text_capacity == headers->text_capacity)
    return 0;
  larger.list = malloc(larger.capacity * sizeof *larger.list + larger.text_capacity);
  if (!larger.list) return SP_ENOMEM;
  if (headers->count > 0) move_headers(headers, &larger);
  free(headers->list);
  *headers = larger;
  return 0;
}

/* Capacity has been reserved. */
static char *add_text(header_list *headers, const char *text, size_t size)
{
  char *copy = text_of(headers) + headers->text_size;
  memcpy(copy, text, size);
  copy[size] = '\0';
  headers->text_size += size + 1;
  return copy;
}

static const char *find_header(const sp_header *list, size_t count, const char *name)
{
  for (size_t i = 0; i < count; i++) {
    if (sp__same_name(list[i].name, name)) return list[i].value;
  }
  return NULL;
}

/* --- the head --- */

/* A server that responds with an error or a redirect does not need the rest of the body. */
static void stop_sending(sp__fetch *fetch)
{
  fetch->upload.asked = false;
  fetch->upload.ended = true;
}

/* The program may already have the head of an exchange that has its response. */
int sp__fetch_on_head(sp__fetch *fetch, int status, const char *url)
{
  if (fetch->has_head) return SP_EPROTOCOL;
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
  sp__url_drop_secret(copy);
  fetch->response.url = copy;
  fetch->response.body_size = fetch->received = 0;
  fetch->headers = headers;
  if (status >= 300) stop_sending(fetch);
  return 0;
}

int sp__fetch_refuse_head(sp__fetch *fetch)
{
  if (!fetch->message) fetch->message = sp__message_copy("the headers are larger than 64 KiB");
  return SP_ETOOLARGE;
}

int sp__fetch_on_header(sp__fetch *fetch, const char *name, size_t name_size, const char *value,
                        size_t value_size)
{
  header_list *headers = fetch->headers;
  size_t size = name_size + value_size + 2;
  if (size > SP__HEAD_MAX - headers->text_size) return sp__fetch_refuse_head(fetch);
  if (reserve(headers, size) < 0) return SP_ENOMEM;
  char *name_copy = add_text(headers, name, name_size);
  for (char *c = name_copy; *c; c++) *c = (char)tolower((unsigned char)*c);
  headers->list[headers->count].name = name_copy;
  headers->list[headers->count].value = add_text(headers, value, value_size);
  headers->count++;
  return 0;
}

/* RFC 9112, 5.2: a fold in a value stands for a space. */
int sp__fetch_on_folded(sp__fetch *fetch, const char *text, size_t size)
{
  header_list *headers = fetch->headers;
  if (size == 0 || headers->count == 0) return 0;
  if (size + 1 > SP__HEAD_MAX - headers->text_size) return sp__fetch_refuse_head(fetch);
  if (reserve(headers, size + 1) < 0) return SP_ENOMEM;
  bool is_empty = *headers->list[headers->count - 1].value == '\0';
  char *end = text_of(headers) + headers->text_size - 1;
  if (is_empty)
    headers->text_size--;
  else
    *end = ' ';
  add_text(headers, text, size);
  return 0;
}

/* --- the size of the body --- */

static int refuse_size(sp__fetch *fetch)
{
  char text[MESSAGE_CAPACITY];
  snprintf(text, sizeof text, "the response is larger than max_body_size (%zu bytes)",
           fetch->options.max_body_size);
  fetch->message = sp__message_copy(text);
  return SP_ETOOLARGE;
}

static bool has_no_body(const sp__fetch *fetch)
{
  int status = fetch->response.status;
  return status == 204 || status == 304 || sp__same_name(fetch->method, "HEAD");
}

/* The length of a compressed body is known only at its end. */
static int check_announced(sp__fetch *fetch)
{
  const header_list *headers = fetch->headers;
  size_t most = fetch->options.max_body_size;
  if (most == 0 || has_no_body(fetch)) return 0;
  if (find_header(headers->list, headers->count, "content-encoding")) return 0;
  const char *announced = find_header(headers->list, headers->count, "content-length");
  return announced && strtoull(announced, NULL, 10) > most ? refuse_size(fetch) : 0;
}

static int count(sp__fetch *fetch, size_t size)
{
  size_t most = fetch->options.max_body_size;
  fetch->received += size;
  return most > 0 && fetch->received > most ? refuse_size(fetch) : 0;
}

int sp__fetch_on_head_end(sp__fetch *fetch)
{
  int error = check_announced(fetch);
  if (error < 0) return error;
  fetch->has_head = true;
  if (fetch->in_pieces) sp__op_news(&fetch->op);
  return 0;
}

/* --- the body --- */

bool sp__fetch_has_capacity(const sp__fetch *fetch, size_t size)
{
  size_t held = sp__buffer_size(&fetch->piece);
  return !fetch->in_pieces || held == 0 || held + size <= AHEAD;
}

/* One byte more than the body, for the NUL. */
static void *reserve_body(sp__fetch *fetch, size_t size)
{
  sp_response *response = &fetch->response;
  if (size > SIZE_MAX / 4 - response->body_size) return NULL;
  size_t needed = response->body_size + size + 1;
  if (needed > fetch->body_capacity) {
    size_t capacity = fetch->body_capacity ? fetch->body_capacity : 4096;
    while (capacity < needed) capacity *= 2;
    char *body = realloc(response->body, capacity);
    if (!body) return NULL;
    response->body = body;
    fetch->body_capacity = capacity;
  }
  return (char *)response->body + response->body_size;
}

int sp__fetch_body_reserve(sp__fetch *fetch, size_t size, void **target)
{
  int error = count(fetch, size);
  if (error < 0) return error;
  *target = fetch->in_pieces ? sp__buffer_reserve(&fetch->piece, size) : reserve_body(fetch, size);
  return *target ? 0 : SP_ENOMEM;
}

void sp__fetch_body_filled(sp__fetch *fetch, size_t size)
{
  sp_response *response = &fetch->response;
  if (fetch->in_pieces) {
    fetch->piece.end += size;
    sp__op_news(&fetch->op);
    return;
  }
  response->body_size += size;
  ((char *)response->body)[response->body_size] = '\0';
}

int sp__fetch_on_body(sp__fetch *fetch, const void *data, size_t size)
{
  void *target;
  int error = sp__fetch_body_reserve(fetch, size, &target);
  if (error < 0) return error;
  if (size > 0) memcpy(target, data, size);
  sp__fetch_body_filled(fetch, size);
  return 0;
}

/* --- what the program gets --- */

/* An empty body is an empty string. What is read in pieces stays the exchange's, so that it is
 * freed with the loop if the task never continues. */
int sp__fetch_hand_over(sp__fetch *fetch, sp_response *response)
{
  if (!fetch->in_pieces && sp__fetch_on_body(fetch, NULL, 0) < 0) return SP_ENOMEM;
  *response = fetch->response;
  response->headers = fetch->headers->list;
  response->header_count = fetch->headers->count;
  if (fetch->in_pieces) {
    response->stream = fetch;
  } else {
    fetch->response = (sp_response){.status = 0};
    free(fetch->headers);
    fetch->headers = NULL;
  }
  return response->status;
}

void sp__response_empty(sp_response *response)
{
  free(response->headers);
  free(response->url);
  free(response->body);
  *response = (sp_response){.status = 0};
}

void sp__fetch_drop_response(sp__fetch *fetch)
{
  sp__response_empty(&fetch->response);
  free_list(fetch->headers);
  fetch->headers = NULL;
  sp__buffer_free(&fetch->piece);
}

const char *sp_response_header(const sp_response *response, const char *name)
{
  return find_header(response->headers, response->header_count, name);
}
