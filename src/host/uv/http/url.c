/* URLs as the URL standard has them, for libcurl: a host of any script is given in ASCII (IDNA, UTS
 * 46), and what is not allowed in a path or a query is percent-encoded, so that a server is asked
 * for the same as by a browser. Most URLs need none of it. libcurl does the rest: it removes dot
 * segments, and parses numeric hosts. */
#include <idn2.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/error.h"
#include "host/uv/http/http.h"
#include "spindle.h"

static const char in_path[] = " \"#<>?^`{}\x7f";
static const char in_query[] = " \"#<>'\x7f";

/* --- the text --- */

static void add(char **to, const char *from, size_t size)
{
  memcpy(*to, from, size);
  *to += size;
}

static void add_encoded(char **to, const char *from, size_t size, const char *encoded)
{
  static const char digits[] = "0123456789ABCDEF";
  for (size_t i = 0; i < size; i++) {
    unsigned char c = (unsigned char)from[i];
    if (c > ' ' && c < 0x80 && !strchr(encoded, c)) {
      *(*to)++ = from[i];
      continue;
    }
    const char coded[] = {'%', digits[c >> 4], digits[c & 15]};
    add(to, coded, sizeof coded);
  }
}

/* The size of a dot, as such or encoded; 0: none. */
static size_t dot_size(const char *text)
{
  if (*text == '.') return 1;
  return strncasecmp(text, "%2e", 3) == 0 ? 3 : 0;
}

/* "%2e" alone, or two of them, are what "." and ".." are. */
static size_t dots_size(const char *segment)
{
  size_t first = dot_size(segment);
  size_t size = first > 0 ? first + dot_size(segment + first) : 0;
  return segment[size] == '/' || segment[size] == '\0' ? size : 0;
}

static void decode_dots(char *path)
{
  char *to = path;
  for (const char *from = path; *from;) {
    size_t size = from > path && from[-1] == '/' ? dots_size(from) : 0;
    bool is_one = size == dot_size(from);
    if (size == 0) {
      *to++ = *from++;
      continue;
    }
    *to++ = '.';
    if (!is_one) *to++ = '.';
    from += size;
  }
  *to = '\0';
}

/* A backslash is a slash. */
static void add_path(char **to, const char *from, size_t size)
{
  char *path = *to;
  add_encoded(to, from, size, in_path);
  **to = '\0';
  for (char *c = path; *c; c++) {
    if (*c == '\\') *c = '/';
  }
  decode_dots(path);
  *to = path + strlen(path);
}

/* --- the host --- */

/* UTS 46 without transitional processing, as in browsers. What a name is mapped to may be more than
 * a name. */
static int host_in_ascii(const char *host, size_t size, char **ascii)
{
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
  char *text = strndup(host, size);
  if (!text) return SP_ENOMEM;
  int result = idn2_to_ascii_8z(text, ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  free(text);
  if (result == IDN2_MALLOC) return SP_ENOMEM;
  if (result != IDN2_OK) return SP_EINVAL;
  return (*ascii)[strspn(*ascii, allowed)] == '\0' ? 0 : SP_EINVAL;
}

static bool is_ascii(const char *text, size_t size)
{
  for (size_t i = 0; i < size; i++) {
    if ((unsigned char)text[i] > 0x7f) return false;
  }
  return true;
}

/* --- the whole --- */

/* Each byte takes three at most; a host that is given in ASCII has a size of its own. */
static char *make(const char *url, size_t size, const char *host, size_t host_size,
                  const char *ascii)
{
  char *made = malloc(size * 3 + (ascii ? strlen(ascii) : 0) + 2);
  if (!made) return NULL;
  char *to = made;
  const char *rest = host + host_size;
  size_t port = strcspn(rest, "/\\?#");
  const char *path = rest + port;
  size_t path_size = strcspn(path, "?#");
  const char *query = path + path_size;
  size_t query_size = strcspn(query, "#");
  add(&to, url, (size_t)(host - url));
  add(&to, ascii ? ascii : host, ascii ? strlen(ascii) : host_size);
  add(&to, rest, port);
  if (path_size == 0) *to++ = '/';
  add_path(&to, path, path_size);
  if (query_size > 0) {
    *to++ = '?';
    add_encoded(&to, query + 1, query_size - 1, in_query);
  }
  *to = '\0';
  return made;
}

bool sp__curl_is_plain_url(const char *url)
{
  for (const char *c = url; *c; c++) {
    unsigned char byte = (unsigned char)*c;
    if (byte <= ' ' || byte >= 0x7f || strchr("\"<>^`{}'\\", *c) || dot_size(c) == 3) return false;
  }
  return true;
}

static char *make_with(transfer *self, const char *url, size_t size, const char *host)
{
  size_t host_size = strcspn(host, ":/\\?#");
  char *ascii = NULL;
  if (is_ascii(host, host_size)) return make(url, size, host, host_size, NULL);
  int error = host_in_ascii(host, host_size, &ascii);
  char *made = error == 0 ? make(url, size, host, host_size, ascii) : NULL;
  idn2_free(ascii);
  if (error < 0) self->failure = error;
  if (error == SP_EINVAL) self->fetch->message = sp__message_copy("invalid host name");
  return made;
}

char *sp__curl_make_url(transfer *self, const char *given)
{
  given += strspn(given, " ");
  size_t size = strlen(given);
  while (size > 0 && given[size - 1] == ' ') size--;
  char *url = strndup(given, size);
  char *made = url ? make_with(self, url, size, strstr(url, "://") + 3) : NULL;
  free(url);
  return made;
}
