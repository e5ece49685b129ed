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
  self->in_head = status >= 200;
  if (!self->in_head) return 0;
  self->status = status;
  int error = status >= 300 && status < 400 ? prepare_redirect(self) : 0;
  return error < 0 ? error : begin_answer(self);
}

static bool is_unwelcome_redirect(const transfer *self, const char *name, size_t name_size)
{
  return self->fetch->options->redirect == SP_REDIRECT_ERROR &&
         sp__curl_is_redirect(self->status) && name_size == 8 &&
         strncasecmp(name, "location", 8) == 0;
}

/* Passes over folded lines, which no server may send any more. */
static int on_header_line(transfer *self, const char *line, size_t size)
{
  const char *colon = memchr(line, ':', size);
  if (!colon || is_blank(*line)) return 0;
  size_t name_size = (size_t)(colon - line);
  const char *value = colon + 1;
  const char *end = line + size;
  while (value < end && is_blank(*value)) value++;
  while (end > value && is_blank(end[-1])) end--;
  if (is_unwelcome_redirect(self, line, name_size)) return SP_EREDIRECT;
  return sp__fetch_on_header(self->fetch, line, name_size, value, (size_t)(end - value));
}

/* Heads of each hop, then trailers, which fetch does not show. */
size_t sp__curl_on_line(char *line, size_t one, size_t size, void *arg)
{
  (void)one;
  transfer *self = arg;
  if (size >= 5 && memcmp(line, "HTTP/", 5) == 0) {
    self->failure = on_status_line(self, line, size);
  } else if (self->in_head) {
    self->in_head = *line != '\r' && *line != '\n';
    self->failure = on_header_line(self, line, size);
  }
  return self->failure ? 0 : size;
}

size_t sp__curl_on_body(char *data, size_t one, size_t size, void *arg)
{
  (void)one;
  transfer *self = arg;
  self->failure = sp__fetch_on_body(self->fetch, data, size);
  return self->failure ? 0 : size;
}
