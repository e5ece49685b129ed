/* The URL of a request: what is refused on every host, and the user name and password in it, which
 * only the server gets. They become a header (RFC 7617) and are in no message and no response. */
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/exchange.h"
#include "core/fetch.h"
#include "spindle.h"

/* --- what is refused --- */

static bool is_continuation(unsigned char c) { return (c & 0xc0) == 0x80; }

/* Returns the length of the character that begins there; 0 if it is not UTF-8 (RFC 3629). */
static size_t character_size(const unsigned char *text)
{
  unsigned char first = text[0], second = first ? text[1] : 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4 || !is_continuation(second)) return 0;
  if (first < 0xe0) return 2;
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) return 0;
  if (!is_continuation(text[2])) return 0;
  if (first < 0xf0) return 3;
  if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) return 0;
  return is_continuation(text[3]) ? 4 : 0;
}

int sp__url_check(const char *url)
{
  const unsigned char *text = (const unsigned char *)url;
  while (*text) {
    size_t size = character_size(text);
    if (size == 0) return sp__fail(SP_EINVAL, "the URL is not valid UTF-8");
    if (*text < ' ') return sp__fail(SP_EINVAL, "the URL contains control characters");
    text += size;
  }
  return 0;
}

/* --- the user name and password in it --- */

typedef struct secret {
  const char *from; /* NULL: none */
  size_t size;      /* without the @ */
} secret;

static const char *behind_scheme(const char *url)
{
  url += strspn(url, " ");
  size_t size = strspn(url, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
  if (size > 0 && url[size] == ':') return url + size + 1;
  return strspn(url, "/\\") >= 2 ? url : NULL; /* relative to a page */
}

static secret find_secret(const char *url)
{
  const char *from = behind_scheme(url);
  if (!from) return (secret){.from = NULL};
  from += strspn(from, "/\\");
  size_t size = strcspn(from, "/\\?#");
  while (size > 0 && from[size - 1] != '@') size--;
  return size > 0 ? (secret){.from = from, .size = size - 1} : (secret){.from = NULL};
}

void sp__url_drop_secret(char *url)
{
  secret found = find_secret(url);
  if (!found.from) return;
  char *to = url + (found.from - url);
  const char *rest = found.from + found.size + 1;
  memmove(to, rest, strlen(rest) + 1);
}

/* --- Basic --- */

static int digit(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undoes percent-encoding, if any. The first literal colon separates name and password. */
static size_t decode(char *to, const char *from, size_t size)
{
  size_t length = 0;
  for (size_t i = 0; i < size; i++) {
    bool coded =
        from[i] == '%' && size - i > 2 && digit(from[i + 1]) >= 0 && digit(from[i + 2]) >= 0;
    to[length++] = coded ? (char)(digit(from[i + 1]) * 16 + digit(from[i + 2])) : from[i];
    if (coded) i += 2;
  }
  if (!memchr(from, ':', size)) to[length++] = ':';
  return length;
}

static void encode_base64(char *to, const char *bytes, size_t size)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < size; i += 3) {
    unsigned long three = (unsigned long)(unsigned char)bytes[i] << 16;
    if (size - i > 1) three |= (unsigned long)(unsigned char)bytes[i + 1] << 8;
    if (size - i > 2) three |= (unsigned char)bytes[i + 2];
    *to++ = digits[three >> 18];
    *to++ = digits[three >> 12 & 63];
    *to++ = size - i > 1 ? digits[three >> 6 & 63] : '=';
    *to++ = size - i > 2 ? digits[three & 63] : '=';
  }
  *to = '\0';
}

static bool gives_header(const sp_fetch_options *options, const char *name)
{
  for (size_t i = 0; i < options->header_count; i++) {
    if (sp__same_name(options->headers[i].name, name)) return true;
  }
  return false;
}

/* One block: the headers and one more, its value, and the text it is made from. */
static int add_authorization(sp__fetch *fetch, secret found)
{
  static const char scheme[] = "Basic ";
  sp_fetch_options *options = &fetch->options;
  size_t count = options->header_count;
  size_t value_capacity = sizeof scheme + (found.size + 3) / 3 * 4 + 4;
  sp_header *headers = malloc((count + 1) * sizeof *headers + value_capacity + found.size + 1);
  if (!headers) return SP_ENOMEM;
  char *value = (char *)(headers + count + 1);
  char *text = value + value_capacity;
  memcpy(value, scheme, sizeof scheme);
  encode_base64(value + sizeof scheme - 1, text, decode(text, found.from, found.size));
  if (count > 0) memcpy(headers, options->headers, count * sizeof *headers);
  headers[count] = (sp_header){.name = "Authorization", .value = value};
  options->headers = fetch->own_headers = headers;
  options->header_count = count + 1;
  return 0;
}

int sp__url_take_secret(sp__fetch *fetch)
{
  secret found = find_secret(fetch->url);
  if (!found.from) return 0;
  fetch->own_url = sp__message_copy(fetch->url);
  if (!fetch->own_url) return SP_ENOMEM;
  sp__url_drop_secret(fetch->own_url);
  bool is_empty = found.size == 0 || (found.size == 1 && *found.from == ':');
  int error = 0;
  if (!is_empty && !gives_header(&fetch->options, "Authorization"))
    error = add_authorization(fetch, found);
  fetch->url = fetch->own_url;
  return error;
}

/* --- headers for one origin only --- */

bool sp__is_for_origin(const char *name)
{
  static const char *const names[] = {"Authorization", "Proxy-Authorization", "Cookie", "Host"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (sp__same_name(name, names[i])) return true;
  }
  return false;
}
