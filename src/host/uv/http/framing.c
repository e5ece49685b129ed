/* Headers of a response, and what they say of its body's end. libcurl accepts much that is no
 * header, length or transfer coding: "12, 5", "+12" and "12abc" are lengths to it. RFC 9112 (6.3)
 * has such a response discarded, with its connection, since nobody can know where the next one
 * begins. */
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "core/error.h"
#include "host/uv/http/http.h"
#include "spindle.h"

static int refuse(transfer *self, const char *reason)
{
  self->fetch->message = sp__message_copy(reason);
  return SP_EPROTOCOL;
}

/* --- what a header is (RFC 9110, 5.1 and 5.5) --- */

static bool is_in_name(unsigned char c)
{
  bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_letter || c == '-' || (c >= '0' && c <= '9') || (c && strchr("!#$%&'*+.^_`|~", c));
}

static bool is_value(const char *text, const char *end)
{
  for (; text < end; text++) {
    unsigned char c = (unsigned char)*text;
    if ((c < ' ' && c != '\t') || c == 0x7f) return false;
  }
  return true;
}

int sp__framing_check_line(transfer *self, const char *line, size_t size)
{
  const char *end = line + size;
  const char *c = line;
  if (end > line && end[-1] == '\n') end--;
  if (end > line && end[-1] == '\r') end--;
  bool is_folded = *line == ' ' || *line == '\t';
  while (!is_folded && c < end && is_in_name((unsigned char)*c)) c++;
  bool is_named = is_folded || (c > line && c < end && *c == ':');
  return is_named && is_value(c, end) ? 0 : refuse(self, "a header line is malformed");
}

/* --- where the body ends --- */

static int add_length(transfer *self, const char *value, size_t size)
{
  int64_t length = 0;
  if (size == 0) return refuse(self, "the Content-Length is empty");
  for (size_t i = 0; i < size; i++) {
    int digit = value[i] - '0';
    if (digit < 0 || digit > 9) return refuse(self, "the Content-Length is not a number");
    if (length > (INT64_MAX - digit) / 10) return refuse(self, "the Content-Length is too large");
    length = length * 10 + digit;
  }
  bool differs = self->framing.has_length && self->framing.length != length;
  self->framing.has_length = true;
  self->framing.length = length;
  return differs ? refuse(self, "Content-Length has two different values") : 0;
}

static bool add_coding(transfer *self, const char *name, size_t size)
{
  bool is_chunked = size == 7 && strncasecmp(name, "chunked", 7) == 0;
  bool is_identity = size == 8 && strncasecmp(name, "identity", 8) == 0;
  if (is_identity) return !self->framing.chunked;
  self->framing.chunked = is_chunked;
  return is_chunked;
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

/* Only chunked can be undone, which comes last. */
static int add_codings(transfer *self, const char *list, size_t size)
{
  const char *end = list + size;
  for (;;) {
    const char *comma = memchr(list, ',', (size_t)(end - list));
    const char *next = comma ? comma : end;
    const char *last = next;
    while (list < last && is_blank(*list)) list++;
    while (last > list && is_blank(last[-1])) last--;
    if (!add_coding(self, list, (size_t)(last - list)))
      return refuse(self, "the Transfer-Encoding is not supported");
    if (!comma) return 0;
    list = comma + 1;
  }
}

int sp__framing_add(transfer *self, const char *name, size_t name_size, const char *value,
                    size_t size)
{
  bool is_length = name_size == 14 && strncasecmp(name, "content-length", 14) == 0;
  bool is_coding = name_size == 17 && strncasecmp(name, "transfer-encoding", 17) == 0;
  self->framing.is_last = is_length || is_coding;
  if (is_length) return add_length(self, value, size);
  return is_coding ? add_codings(self, value, size) : 0;
}

/* libcurl has acted upon its first line by then. */
int sp__framing_fold(transfer *self)
{
  return self->framing.is_last ? refuse(self, "Content-Length or Transfer-Encoding is folded") : 0;
}
