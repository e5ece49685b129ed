/* Receiving a response. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/buffer.h"
#include "core/error.h"
#include "core/exchange.h"
#include "host/uv/http/http.h"
#include "spindle.h"

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The URL as browsers report it: without its fragment. */
static int begin_response(transfer *self)
{
  char *url = NULL;
  if (curl_easy_getinfo(self->easy, CURLINFO_EFFECTIVE_URL, &url) != CURLE_OK) return SP_ENOMEM;
  if (!strchr(url, '#')) return sp__fetch_on_head(self->fetch, self->status, url);
  char *shown = sp__message_copy(url);
  if (!shown) return SP_ENOMEM;
  shown[strcspn(shown, "#")] = '\0';
  int error = sp__fetch_on_head(self->fetch, self->status, shown);
  free(shown);
  return error;
}

/* libcurl writes such a line itself, for HTTP/2 and HTTP/3, which exist only with TLS. */
static bool is_secure(const transfer *self)
{
  char *scheme = NULL;
  CURLcode code = curl_easy_getinfo(self->easy, CURLINFO_SCHEME, &scheme);
  return code == CURLE_OK && scheme && strcasecmp(scheme, "https") == 0;
}

/* The status in "HTTP/1.1 200 OK" (RFC 9112, 4); 0 if that is no status line. libcurl accepts much
 * more as one. */
static int status_in(const transfer *self, const char *line, size_t size)
{
  size_t at = 0;
  if (size >= 9 && memcmp(line, "HTTP/1.", 7) == 0 && is_digit(line[7]) && line[8] == ' ') at = 9;
  if (size >= 7 && (memcmp(line, "HTTP/2 ", 7) == 0 || memcmp(line, "HTTP/3 ", 7) == 0))
    at = is_secure(self) ? 7 : 0;
  if (at == 0 || size < at + 4 || !is_blank(line[at + 3])) return 0;
  int status = 0;
  for (const char *c = line + at; c < line + at + 3; c++) {
    if (!is_digit(*c)) return 0;
    status = status * 10 + (*c - '0');
  }
  return status;
}

static int refuse(const transfer *self, const char *reason)
{
  self->fetch->message = sp__message_copy(reason);
  return SP_EPROTOCOL;
}

static int on_status_line(transfer *self, const char *line, size_t size)
{
  int status = status_in(self, line, size);
  self->sending = self->repeated = self->expects_line = false;
  if (status < 100) return refuse(self, "the response does not begin with a status line");
  if (status == 101)
    return refuse(self, "the server switched to a protocol that was not requested");
  self->in_head = status >= 200;
  self->odd = self->odd || status < 200;
  self->lines = 0;
  if (!self->in_head) return 0;
  sp__codings_reset(self);
  self->status = status;
  self->located = false;
  self->framing = (framing){.has_length = false};
  int error = status >= 300 && status < 400 ? sp__curl_prepare_redirect(self) : 0;
  if (error == 0) error = begin_response(self);
  if (error < 0) return error;
  if (self->starved && self->fetch->upload.ended) sp__curl_submit_later(self);
  return 0;
}

/* A line that continues a header where there is none. libcurl before 8.1 appends it to the last
 * header of the previous response, whose memory is already freed (curl#11101): it must not see the
 * line, so on_body is given each line of a head first (guards_heads). */
static int refuse_line(const transfer *self, const char *line)
{
  bool goes_on = self->lines == 0 && (*line == ' ' || *line == '\t');
  return goes_on ? refuse(self, "the first header line is folded") : 0;
}

static int on_field(transfer *self, const char *line, size_t name_size, const char *value,
                    size_t size)
{
  int fault = sp__framing_add(self, line, name_size, value, size);
  if (fault < 0) return fault;
  if (name_size == 8 && strncasecmp(line, "location", 8) == 0) {
    int error = sp__curl_on_location(self, value, size);
    if (error < 0) return error;
  }
  if (name_size == 16 && strncasecmp(line, "content-encoding", 16) == 0) {
    int error = sp__codings_add(self, value, size);
    if (error < 0) return error;
  }
  return sp__fetch_on_header(self->fetch, line, name_size, value, size);
}

static int on_header_line(transfer *self, const char *line, size_t size)
{
  bool is_folded = is_blank(*line);
  const char *colon = is_folded ? NULL : memchr(line, ':', size);
  const char *value = is_folded ? line : colon + 1;
  const char *end = line + size;
  while (value < end && is_blank(*value)) value++;
  while (end > value && is_blank(end[-1])) end--;
  size_t value_size = (size_t)(end - value);
  self->odd = self->odd || is_folded;
  if (is_folded) {
    int fault = sp__framing_fold(self);
    return fault < 0 ? fault : sp__fetch_on_folded(self->fetch, value, value_size);
  }
  return on_field(self, line, (size_t)(colon - line), value, value_size);
}

static int on_head_end(transfer *self)
{
  self->in_head = false;
  self->in_body = true;
  self->head_size = 0;
  bool leads_on = sp__curl_is_redirect(self->status) && self->located &&
                  self->fetch->options.redirect == SP_REDIRECT_FOLLOW;
  if (!leads_on) return sp__fetch_on_head_end(self->fetch);
  self->in_body = false;
  return 0;
}

/* Heads of each hop, then trailers, which fetch does not show, whatever they look like. */
size_t sp__curl_on_line(char *line, size_t one, size_t size, void *arg)
{
  (void)one;
  transfer *self = arg;
  self->head_size += size;
  if (self->head_size > SP__HEAD_MAX) {
    self->failure = sp__fetch_refuse_head(self->fetch);
    return 0;
  }
  if (self->fetch->has_head) {
    self->odd = true;
    return size;
  }
  bool is_end = *line == '\r' || *line == '\n';
  if (self->expects_line) {
    self->failure = on_status_line(self, line, size);
  } else if (is_end) {
    self->expects_line = !self->in_head; /* after an informational head */
    self->failure = self->in_head ? on_head_end(self) : 0;
  } else {
    self->failure = refuse_line(self, line);
    self->lines++;
    if (!self->failure) self->failure = sp__framing_check_line(self, line, size);
    if (self->in_head && !self->failure) self->failure = on_header_line(self, line, size);
  }
  return self->failure ? 0 : size;
}

size_t sp__curl_on_body(char *data, size_t one, size_t size, void *arg)
{
  (void)one;
  transfer *self = arg;
  if (!self->in_body) {
    self->failure = refuse_line(self, data);
    return self->failure ? 0 : size;
  }
  if (sp__codings_apply(self)) return sp__codings_unpack(self, data, size);
  if (!sp__fetch_has_capacity(self->fetch, size)) {
    self->paused = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  self->failure = sp__fetch_on_body(self->fetch, data, size);
  return self->failure ? 0 : size;
}

size_t sp__curl_on_upload(char *target, size_t one, size_t size, void *arg)
{
  (void)one;
  transfer *self = arg;
  sp__upload *upload = &self->fetch->upload;
  size_t given = sp__buffer_take(&upload->piece, target, size);
  if (given > 0 || upload->ended) return given;
  self->starved = true;
  sp__fetch_ask_piece(self->fetch);
  return CURL_READFUNC_PAUSE;
}
