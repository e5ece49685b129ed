/* What the fetch standard says of methods, and of the schemes of URLs. */
#include <string.h>
#include <strings.h>

#include "host/uv/http/http.h"

bool sp__curl_only_reads(const transfer *self)
{
  return strcmp(self->method, "GET") == 0 || strcmp(self->method, "HEAD") == 0;
}

/* The fetch standard writes these in capitals, however the caller does, and only these. */
const char *sp__curl_method_of(const char *given)
{
  static const char *const known[] = {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcasecmp(given, known[i]) == 0) return known[i];
  }
  return given;
}

bool sp__curl_is_https(const char *url) { return strncasecmp(url, "https://", 8) == 0; }

bool sp__curl_is_http(const char *url) { return strncasecmp(url, "http://", 7) == 0; }
