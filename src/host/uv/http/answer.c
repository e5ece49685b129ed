/* Taking an answer as it arrives, and redirects as the fetch standard has them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "host/uv/http/http.h"

bool sp__curl_is_redirect(int status)
{
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static bool describes_body(const char *header)
{
  static const char *const names[] = {"Content-Type:", "Content-Encoding:", "Content-Language:",
                                      "Content-Location:", "Content-Length:"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strncasecmp(header, names[i], strlen(names[i])) == 0) return true;
  }
  return false;
}

static void drop_body_headers(transfer *self)
{
  struct curl_slist **link = &self->headers;
  while (*link) {
    struct curl_slist *header = *link;
    if (!describes_body(header->data)) {
      link = &header->next;
      continue;
    }
    *link = header->next;
    header->next = NULL;
    curl_slist_free_all(header);
  }
}

/* libcurl follows any 3xx, and keeps a method that it was told by name. The fetch standard follows
 * five of them, and asks for a GET where the answer is to be found elsewhere. */
static int prepare_redirect(transfer *self)
{
  bool ok = true;
  int status = self->status;
  bool posted = strcmp(self->method, "POST") == 0;
  bool fetched = sp__curl_only_reads(self);
  self->plain = false;
  if (!sp__curl_is_redirect(status)) {
    ok = curl_easy_setopt(self->easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
  } else if ((status == 303 && !fetched) || (status < 303 && posted)) {
    self->method = "GET";
    drop_body_headers(self);
    ok = curl_easy_setopt(self->easy, CURLOPT_CUSTOMREQUEST, NULL) == CURLE_OK &&
         curl_easy_setopt(self->easy, CURLOPT_HTTPHEADER, self->headers) == CURLE_OK;
  }
  return ok ? 0 : SP_ENOMEM;
}

/* The URL as browsers give it: without its fragment. */
static int begin_answer(transfer *self)
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

static int status_in(const char *line, size_t size)
{
  const char *space = memchr(line, ' ', size);
  int status = 0;
  if (!space) return 0;
  for (const char *c = space + 1; c < line + size && *c >= '0' && *c <= '9' && status < 1000; c++) {
    status = status * 10 + (*c - '0');
  }
  return status;
}

static int on_status_line(transfer *self, const char *line, size_t size)
{
  int status = status_in(line, size);
  self->sending = self->repeated = false;
  self->in_head = status >= 200;
  self->odd = self->odd || status < 200;
  self->lines = 0;
  if (!self->in_head) return 0;
  sp__codings_reset(self);
  self->status = status;
  self->located = false;
  int error = status >= 300 && status < 400 ? prepare_redirect(self) : 0;
  if (error == 0) error = begin_answer(self);
  if (error < 0) return error;
  if (self->starved && self->fetch->upload.ended) sp__curl_order_later(self);
  return 0;
}

/* libcurl goes to the first that is not empty. A body that came in pieces is gone: it cannot be sent
 * again. */
static int on_location(transfer *self, bool is_empty)
{
  const sp_fetch_options *options = &self->fetch->options;
  if (!is_empty) self->located = true;
  if (!sp__curl_is_redirect(self->status) || is_empty) return 0;
  const char *message = NULL;
  if (options->redirect == SP_REDIRECT_ERROR) message = "redirects are refused";
  if (options->redirect == SP_REDIRECT_FOLLOW && options->read_body && self->status != 303) {
    message = "redirected, and a body in pieces cannot be sent again";
  }
  if (!message) return 0;
  self->fetch->message = sp__message_copy(message);
  return SP_EREDIRECT;
}

/* A line that goes on with a header where there is none. libcurl before 8.1 adds it to the last header of the
 * answer before, whose memory is free by then (curl#11101): it must not come to see the line, for
 * which on_body has each line of a head first (guards_heads). */
static int refuse_line(const transfer *self, const char *line)
{
  bool goes_on = self->lines == 0 && (*line == ' ' || *line == '\t');
  if (!goes_on) return 0;
  self->fetch->message = sp__message_copy("the first line of the head is folded");
  return SP_EPROTOCOL;
}

static int on_field(transfer *self, const char *line, size_t name_size, const char *value,
                    size_t size)
{
  if (name_size == 8 && strncasecmp(line, "location", 8) == 0) {
    int error = on_location(self, size == 0);
    if (error < 0) return error;
  }
  if (name_size == 16 && strncasecmp(line, "content-encoding", 16) == 0) {
    int error = sp__codings_add(self, value, size);
    if (error < 0) return error;
  }
  return sp__fetch_on_header(self->fetch, line, name_size, value, size);
}

/* A line without a colon is no header, and libcurl refuses most. */
static int on_header_line(transfer *self, const char *line, size_t size)
{
  bool is_folded = is_blank(*line);
  const char *colon = is_folded ? NULL : memchr(line, ':', size);
  const char *value = colon ? colon + 1 : line;
  const char *end = line + size;
  while (value < end && is_blank(*value)) value++;
  while (end > value && is_blank(end[-1])) end--;
  size_t value_size = (size_t)(end - value);
  self->odd = self->odd || !colon;
  if (is_folded) return sp__fetch_on_folded(self->fetch, value, value_size);
  return colon ? on_field(self, line, (size_t)(colon - line), value, value_size) : 0;
}

static int on_head_end(transfer *self)
{
  self->in_head = false;
  self->in_body = true;
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
  if (self->fetch->answered) {
    self->odd = true;
    return size;
  }
  bool is_end = *line == '\r' || *line == '\n';
  if (!self->in_head && size >= 5 && memcmp(line, "HTTP/", 5) == 0) {
    self->failure = on_status_line(self, line, size);
  } else if (is_end) {
    self->failure = self->in_head ? on_head_end(self) : 0;
  } else {
    self->failure = refuse_line(self, line);
    self->lines++;
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
  if (!sp__fetch_has_room(self->fetch, size)) {
    self->paused = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  self->failure = sp__fetch_on_body(self->fetch, data, size);
  return self->failure ? 0 : size;
}

size_t sp__curl_on_upload(char *room, size_t one, size_t size, void *arg)
{
  (void)one;
  transfer *self = arg;
  sp__upload *upload = &self->fetch->upload;
  size_t given = sp__buffer_take(&upload->piece, room, size);
  if (given > 0 || upload->ended) return given;
  self->starved = true;
  sp__fetch_ask_piece(self->fetch);
  return CURL_READFUNC_PAUSE;
}
