/* Redirects, as the fetch standard has them: which ones are followed, and what of a request goes
 * with them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/error.h"
#include "core/exchange.h"
#include "host/uv/http/http.h"
#include "spindle.h"

bool sp__curl_is_redirect(int status)
{
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static bool describes_body(const char *header)
{
  static const char *const names[] = {"Content-Type:", "Content-Encoding:", "Content-Language:",
                                      "Content-Location:", "Content-Length:"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strncasecmp(header, names[i], strlen(names[i])) == 0) return true;
  }
  return false;
}

/* Removes those headers from what the next request is sent. */
static void drop_headers(transfer *self, bool (*is_dropped)(const char *header))
{
  struct curl_slist **link = &self->headers;
  while (*link) {
    struct curl_slist *header = *link;
    if (!is_dropped(header->data)) {
      link = &header->next;
      continue;
    }
    *link = header->next;
    header->next = NULL;
    curl_slist_free_all(header);
  }
}

/* libcurl follows any 3xx, and keeps a method that it was told by name. The fetch standard follows
 * five of them, and asks for a GET where the response is to be found elsewhere. */
int sp__curl_prepare_redirect(transfer *self)
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
    drop_headers(self, describes_body);
    ok = curl_easy_setopt(self->easy, CURLOPT_CUSTOMREQUEST, NULL) == CURLE_OK &&
         curl_easy_setopt(self->easy, CURLOPT_HTTPHEADER, self->headers) == CURLE_OK;
  }
  return ok ? 0 : SP_ENOMEM;
}

/* --- another origin --- */

static bool same_part(CURLU *a, CURLU *b, CURLUPart part, unsigned flags)
{
  char *of_a = NULL, *of_b = NULL;
  bool got = curl_url_get(a, part, &of_a, flags) == CURLUE_OK &&
             curl_url_get(b, part, &of_b, flags) == CURLUE_OK;
  bool same = got && strcasecmp(of_a, of_b) == 0;
  curl_free(of_a);
  curl_free(of_b);
  return same;
}

static bool same_origin(CURLU *a, CURLU *b)
{
  return same_part(a, b, CURLUPART_SCHEME, 0) && same_part(a, b, CURLUPART_HOST, 0) &&
         same_part(a, b, CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

/* A URL that cannot be parsed counts as another: libcurl will report what is wrong with it. */
static bool stays(const transfer *self, const char *location)
{
  char *url = NULL;
  if (curl_easy_getinfo(self->easy, CURLINFO_EFFECTIVE_URL, &url) != CURLE_OK) return false;
  CURLU *here = curl_url(), *there = curl_url();
  unsigned lenient = CURLU_URLENCODE | CURLU_ALLOW_SPACE;
  bool same = here && there && curl_url_set(here, CURLUPART_URL, url, lenient) == CURLUE_OK &&
              curl_url_set(there, CURLUPART_URL, url, lenient) == CURLUE_OK &&
              curl_url_set(there, CURLUPART_URL, location, lenient) == CURLUE_OK &&
              same_origin(here, there);
  curl_url_cleanup(here);
  curl_url_cleanup(there);
  return same;
}

static bool is_for_origin(const char *header)
{
  char name[32];
  size_t size = strcspn(header, ":;");
  if (size >= sizeof name) return false;
  memcpy(name, header, size);
  name[size] = '\0';
  return sp__is_for_origin(name);
}

static bool has_secrets(const transfer *self)
{
  for (const struct curl_slist *header = self->headers; header; header = header->next) {
    if (is_for_origin(header->data)) return true;
  }
  return false;
}

static int keep_secrets(transfer *self, const char *value, size_t size)
{
  if (!has_secrets(self)) return 0;
  char *location = strndup(value, size);
  if (!location) return SP_ENOMEM;
  bool leaves = !stays(self, location);
  free(location);
  if (!leaves) return 0;
  drop_headers(self, is_for_origin);
  CURLcode code = curl_easy_setopt(self->easy, CURLOPT_HTTPHEADER, self->headers);
  return code == CURLE_OK ? 0 : SP_ENOMEM;
}

/* libcurl follows the first that is not empty. A body that came in pieces is gone: it cannot be
 * sent again. */
int sp__curl_on_location(transfer *self, const char *value, size_t size)
{
  bool is_empty = size == 0;
  const sp_fetch_options *options = &self->fetch->options;
  if (!is_empty) self->located = true;
  if (!sp__curl_is_redirect(self->status) || is_empty) return 0;
  const char *message = NULL;
  if (options->redirect == SP_REDIRECT_ERROR)
    message = "redirects are not allowed (SP_REDIRECT_ERROR)";
  if (options->redirect == SP_REDIRECT_FOLLOW && options->read_body && self->status != 303) {
    message = "cannot follow the redirect: read_body cannot be sent again";
  }
  bool follows = options->redirect == SP_REDIRECT_FOLLOW;
  if (!message) return follows ? keep_secrets(self, value, size) : 0;
  self->fetch->message = sp__message_copy(message);
  return SP_EREDIRECT;
}
