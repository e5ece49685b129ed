/* Telling libcurl what is requested. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/exchange.h"
#include "host/uv/http/http.h"
#include "spindle.h"

enum { REDIRECTS_MAX = 20 };

/* A body of unknown size is sent in chunks. */
static bool set_upload(transfer *self, const sp_fetch_options *options)
{
  curl_off_t size = options->body_size > 0 ? (curl_off_t)options->body_size : -1;
  return curl_easy_setopt(self->easy, CURLOPT_POST, 1L) == CURLE_OK &&
         curl_easy_setopt(self->easy, CURLOPT_POSTFIELDSIZE_LARGE, size) == CURLE_OK &&
         curl_easy_setopt(self->easy, CURLOPT_READFUNCTION, sp__curl_on_upload) == CURLE_OK &&
         curl_easy_setopt(self->easy, CURLOPT_READDATA, self) == CURLE_OK;
}

static bool set_method(transfer *self, const sp_fetch_options *options)
{
  CURL *easy = self->easy;
  bool posted = strcmp(self->method, "POST") == 0;
  const char *named = posted ? NULL : self->method;
  if (strcmp(self->method, "GET") == 0) return true;
  if (strcmp(self->method, "HEAD") == 0) {
    return curl_easy_setopt(easy, CURLOPT_NOBODY, 1L) == CURLE_OK;
  }
  if (curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, named) != CURLE_OK) return false;
  if (options->read_body) return set_upload(self, options);
  if (!options->body && !posted && strcmp(self->method, "PUT") != 0) return true;
  const void *body = options->body ? options->body : "";
  curl_off_t size = options->body ? (curl_off_t)options->body_size : 0;
  long kept = posted ? 0 : CURL_REDIR_POST_301 | CURL_REDIR_POST_302;
  return curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, size) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_POSTREDIR, kept) == CURLE_OK;
}

static bool add_line(transfer *self, const char *line)
{
  struct curl_slist *headers = curl_slist_append(self->headers, line);
  if (headers) self->headers = headers;
  return headers != NULL;
}

/* "Name:" would keep libcurl from sending the header; an empty one is "Name;". */
static bool add_header(transfer *self, const sp_header *header)
{
  const char *value = header->value + strspn(header->value, " \t");
  size_t name_size = strlen(header->name);
  size_t value_size = strlen(value);
  char *line = malloc(name_size + value_size + 3);
  if (!line) return false;
  memcpy(line, header->name, name_size);
  memcpy(line + name_size, *value ? ": " : ";", *value ? 3 : 2);
  if (*value) memcpy(line + name_size + 2, value, value_size + 1);
  bool added = add_line(self, line);
  free(line);
  return added;
}

static bool has_header(const sp_fetch_options *options, const char *name)
{
  for (size_t i = 0; i < options->header_count; i++) {
    if (strcasecmp(options->headers[i].name, name) == 0) return true;
  }
  return false;
}

/* libcurl's own for a body: a content type that nobody named, and a wait for "100 Continue". */
static bool drop_own_headers(transfer *self, const sp_fetch_options *options)
{
  if (sp__curl_only_reads(self)) return true;
  return (has_header(options, "Content-Type") || add_line(self, "Content-Type:")) &&
         (has_header(options, "Expect") || add_line(self, "Expect:"));
}

static bool set_headers(transfer *self, const sp_fetch_options *options)
{
  for (size_t i = 0; i < options->header_count; i++) {
    if (!add_header(self, &options->headers[i])) return false;
  }
  if (!drop_own_headers(self, options)) return false;
  return curl_easy_setopt(self->easy, CURLOPT_HTTPHEADER, self->headers) == CURLE_OK;
}

static bool set_redirects(CURL *easy, const sp_fetch_options *options)
{
  if (options->redirect != SP_REDIRECT_FOLLOW) return true;
  long hops = options->max_redirects ? options->max_redirects : REDIRECTS_MAX;
  return curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_MAXREDIRS, hops) == CURLE_OK;
}

/* Requests to one host share its first connection if that turns out to be HTTP/2, which TLS tells
 * at once; without TLS they would wait for the first one's whole response. But libcurl reads no
 * other response of a connection while one is kept back: a body that is read in pieces has its own,
 * with HTTP/1.1. */
static bool set_sharing(CURL *easy, const sp__fetch *fetch)
{
  long version = CURL_HTTP_VERSION_1_1;
  long wait = sp__curl_is_https(fetch->url);
  if (fetch->in_pieces) return curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, version) == CURLE_OK;
  return curl_easy_setopt(easy, CURLOPT_PIPEWAIT, wait) == CURLE_OK;
}

/* The file of certificate authorities is found as the curl command and OpenSSL find it. An http URL
 * may lead to an https one. */
static bool set_authorities(CURL *easy)
{
  const char *file = getenv("SSL_CERT_FILE");
  return !file || !*file || curl_easy_setopt(easy, CURLOPT_CAINFO, file) == CURLE_OK;
}

/* An empty file name turns cookies on. */
static bool set_cookies(const transfer *self)
{
  CURLSH *share = self->curl->share;
  return !share || (curl_easy_setopt(self->easy, CURLOPT_SHARE, share) == CURLE_OK &&
                    curl_easy_setopt(self->easy, CURLOPT_COOKIEFILE, "") == CURLE_OK);
}

static bool set_callbacks(transfer *self)
{
  CURL *easy = self->easy;
  return curl_easy_setopt(easy, CURLOPT_PRIVATE, self) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, self->error) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, sp__curl_on_line) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_HEADERDATA, self) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, sp__curl_before_sending) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_PREREQDATA, self) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, sp__curl_on_body) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_WRITEDATA, self) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, sp__curl_open_connection) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, self) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, sp__curl_close_connection) ==
             CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, self->curl) == CURLE_OK;
}

/* HEADER: on_body is given each line of a head, before libcurl looks at it.
 * QUICK_EXIT: a transfer aborted while its host name is looked up does not wait for the look-up. */
static bool set_manners(const transfer *self)
{
  CURL *easy = self->easy;
  long guards = self->curl->guards_heads;
  return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https") == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate") == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_HEADER, guards) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK;
}

static bool set_all(transfer *self, const sp__fetch *fetch)
{
  CURL *easy = self->easy;
  return set_callbacks(self) && set_manners(self) && set_cookies(self) &&
         set_method(self, &fetch->options) && set_headers(self, &fetch->options) &&
         set_redirects(easy, &fetch->options);
}

/* Most requests are for a URL and nothing else. */
bool sp__curl_is_plain(const transfer *self, const sp__fetch *fetch)
{
  const sp_fetch_options *options = &fetch->options;
  bool follows = options->redirect == SP_REDIRECT_FOLLOW && options->max_redirects == 0;
  return follows && strcmp(self->method, "GET") == 0 && options->header_count == 0 &&
         !fetch->in_pieces;
}

static bool set_url(transfer *self, const char *given)
{
  if (sp__curl_is_plain_url(given))
    return curl_easy_setopt(self->easy, CURLOPT_URL, given) == CURLE_OK;
  char *url = sp__curl_make_url(self, given);
  bool set = url && curl_easy_setopt(self->easy, CURLOPT_URL, url) == CURLE_OK;
  free(url);
  return set;
}

bool sp__curl_set_request(transfer *self, const sp__fetch *fetch)
{
  return (self->told || set_all(self, fetch)) && set_url(self, fetch->url) &&
         set_sharing(self->easy, fetch) && set_authorities(self->easy);
}
