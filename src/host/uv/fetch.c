/* HTTP: libcurl moves the bytes, libuv says when.
 *
 * One multi handle a loop. libcurl names the sockets and the time that it waits for; a watch on
 * each socket and one timer bring it back, and what it finished then completes its operation. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#include "host/uv/uv_host.h"

enum { SPARES_MAX = 256, CONNECTIONS_AT_FIRST = 256, REDIRECTS_MAX = 20 };

typedef struct watch watch;

/* One exchange, or a spare one: its easy handle is dear to make, so it is used again. */
typedef struct transfer {
  CURL *easy;
  sp__curl *curl;
  sp__fetch *fetch;
  const char *method; /* of the hop under way */
  struct curl_slist *headers;
  struct transfer *previous, *next;
  int status; /* of the last head, 0 before the first */
  bool in_head;
  bool again;       /* it was tried before */
  int failure;      /* why a callback ended the exchange, or 0 */
  int socket_errno; /* why there was no socket for it, or 0 */
  char error[CURL_ERROR_SIZE];
} transfer;

struct sp__curl {
  CURLM *multi;
  uv_loop_t *uv;
  uv_timer_t timer;
  watch **watches; /* by file descriptor */
  size_t watch_room;
  transfer *active;
  transfer *spares;
  long active_count;
  long spare_count;
  long connections_max;
  bool failed; /* there was no memory for a watch */
};

/* --- sockets --- */

/* libcurl takes a connection out of the poll when its transfer ends and puts it back for the next
 * one; each way costs libuv two system calls. So a connection's watch stays armed in between, until
 * something does arrive that nobody waits for. That needs to know when it is closed: a connection
 * is ours to open and to close. libcurl's other sockets (its resolver's) are closed behind our
 * back, and are dropped as soon as it lets go of them. */
struct watch {
  uv_poll_t poll;
  sp__curl *curl;
  curl_socket_t socket;
  int wanted; /* UV_READABLE, UV_WRITABLE: what libcurl waits for */
  int armed;  /* what libuv polls for */
  bool is_connection;
};

static void drive(sp__curl *curl, curl_socket_t socket, int events);

static void free_watch(uv_handle_t *handle) { free(handle->data); }

static watch *find_watch(const sp__curl *curl, curl_socket_t socket)
{
  size_t index = (size_t)socket;
  return index < curl->watch_room ? curl->watches[index] : NULL;
}

/* The socket may be closed as soon as this returns. */
static void drop_watch(sp__curl *curl, curl_socket_t socket)
{
  watch *self = find_watch(curl, socket);
  if (!self) return;
  curl->watches[socket] = NULL;
  uv_close((uv_handle_t *)&self->poll, free_watch);
}

static bool make_watch_room(sp__curl *curl, curl_socket_t socket)
{
  size_t room = curl->watch_room ? curl->watch_room : 64;
  while (room <= (size_t)socket) room *= 2;
  if (room == curl->watch_room) return true;
  watch **watches = realloc(curl->watches, room * sizeof(watch *));
  if (!watches) return false;
  for (size_t i = curl->watch_room; i < room; i++) watches[i] = NULL;
  curl->watches = watches;
  curl->watch_room = room;
  return true;
}

/* A watch that is there already was of a socket that libcurl closed without a word. */
static watch *add_watch(sp__curl *curl, curl_socket_t socket)
{
  drop_watch(curl, socket);
  watch *self = make_watch_room(curl, socket) ? calloc(1, sizeof *self) : NULL;
  if (!self) return NULL;
  if (uv_poll_init(curl->uv, &self->poll, socket) != 0) {
    free(self);
    return NULL;
  }
  self->poll.data = self;
  self->curl = curl;
  self->socket = socket;
  return curl->watches[socket] = self;
}

static void on_poll(uv_poll_t *poll, int status, int events);

static bool arm(watch *self, int events)
{
  if (self->armed == events) return true;
  int error = events ? uv_poll_start(&self->poll, events, on_poll) : uv_poll_stop(&self->poll);
  self->armed = error == 0 ? events : 0;
  return error == 0;
}

static int curl_events(int status, int events)
{
  if (status < 0) return CURL_CSELECT_ERR;
  return (events & UV_READABLE ? CURL_CSELECT_IN : 0) |
         (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
  watch *self = poll->data;
  if (status < 0) self->armed = 0; /* libuv has stopped it */
  if (!self->wanted) {
    arm(self, 0); /* an idle connection's end, most likely: libcurl looks before it uses it again */
    return;
  }
  drive(self->curl, self->socket, curl_events(status, events));
  if (self->wanted && !uv_is_closing((uv_handle_t *)poll)) arm(self, self->wanted);
}

static void let_go(sp__curl *curl, curl_socket_t socket)
{
  watch *self = find_watch(curl, socket);
  if (!self) return;
  if (!self->is_connection) {
    drop_watch(curl, socket);
    return;
  }
  self->wanted = 0;
  if (self->armed != UV_READABLE) arm(self, 0);
}

/* Never fails: libcurl would be left half way, not even able to give its transfers back. */
static int on_socket(CURL *easy, curl_socket_t socket, int what, void *arg, void *unused)
{
  (void)easy, (void)unused;
  sp__curl *curl = arg;
  if (what == CURL_POLL_REMOVE) {
    let_go(curl, socket);
    return 0;
  }
  watch *self = find_watch(curl, socket);
  if (!self) self = add_watch(curl, socket);
  if (!self) {
    curl->failed = true;
    return 0;
  }
  self->wanted = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
  if (!arm(self, self->wanted)) curl->failed = true;
  return 0;
}

static curl_socket_t open_connection(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
  (void)purpose;
  transfer *asking = arg;
  int opened = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  watch *self = opened < 0 ? NULL : add_watch(asking->curl, opened);
  asking->socket_errno = self ? 0 : opened < 0 ? errno : ENOMEM;
  if (!self) {
    if (opened >= 0) close(opened);
    return CURL_SOCKET_BAD;
  }
  self->is_connection = true;
  return opened;
}

static int close_connection(void *arg, curl_socket_t socket)
{
  drop_watch(arg, socket);
  return close(socket);
}

/* --- the answer --- */

static bool is_redirect(int status)
{
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static bool only_reads(const transfer *self)
{
  return strcmp(self->method, "GET") == 0 || strcmp(self->method, "HEAD") == 0;
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
  bool fetched = only_reads(self);
  if (!is_redirect(status)) {
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
  return self->fetch->options->redirect == SP_REDIRECT_ERROR && is_redirect(self->status) &&
         name_size == 8 && strncasecmp(name, "location", 8) == 0;
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
static size_t on_line(char *line, size_t one, size_t size, void *arg)
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

static size_t on_body(char *data, size_t one, size_t size, void *arg)
{
  (void)one;
  transfer *self = arg;
  self->failure = sp__fetch_on_body(self->fetch, data, size);
  return self->failure ? 0 : size;
}

/* --- errors --- */

static int connect_error(const transfer *self)
{
  long number = 0;
  if (self->socket_errno) return self->socket_errno == ENOMEM ? SP_ENOMEM : SP_ENETWORK;
  if (curl_easy_getinfo(self->easy, CURLINFO_OS_ERRNO, &number) != CURLE_OK) return SP_ENETWORK;
  switch (number) {
    case ECONNREFUSED:
      return SP_ECONNREFUSED;
    case ECONNRESET:
      return SP_ECONNRESET;
    case ETIMEDOUT:
      return SP_ETIMEDOUT;
    default:
      return SP_ENETWORK;
  }
}

static bool has_answer(const transfer *self)
{
  return self->status > 0 && !is_redirect(self->status);
}

/* libcurl says so of the URL asked for, of one redirected to, and of an answer that is not HTTP. */
static int unsupported_error(const transfer *self)
{
  long sent = 0;
  if (is_redirect(self->status)) return SP_EREDIRECT;
  CURLcode known = curl_easy_getinfo(self->easy, CURLINFO_REQUEST_SIZE, &sent);
  return known == CURLE_OK && sent > 0 ? SP_EPROTOCOL : SP_EINVAL;
}

static int code_of(const transfer *self, CURLcode result)
{
  if (self->failure) return self->failure;
  switch (result) {
    case CURLE_OK: /* also when the connection closed within the head */
      return self->status > 0 && !self->in_head ? 0 : SP_ETRUNCATED;
    case CURLE_OUT_OF_MEMORY:
      return SP_ENOMEM;
    case CURLE_COULDNT_CONNECT:
      return connect_error(self);
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return SP_EDNS;
    case CURLE_OPERATION_TIMEDOUT:
      return SP_ETIMEDOUT;
    case CURLE_PARTIAL_FILE:
      return SP_ETRUNCATED;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2_STREAM:
      return has_answer(self) ? SP_ETRUNCATED : SP_ECONNRESET;
    case CURLE_TOO_MANY_REDIRECTS:
      return SP_EREDIRECT;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return unsupported_error(self);
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_BAD_CONTENT_ENCODING:
      return SP_EPROTOCOL;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
      return SP_ETLS;
    default:
      return SP_ENETWORK;
  }
}

static char *explain(const transfer *self, CURLcode result)
{
  if (self->failure == SP_EREDIRECT) return sp__message_copy("redirects are refused");
  if (self->failure || result == CURLE_OK) return NULL;
  if (result == CURLE_COULDNT_CONNECT && self->socket_errno) {
    return sp__message_copy(strerror(self->socket_errno));
  }
  return sp__message_copy(*self->error ? self->error : curl_easy_strerror(result));
}

/* --- the request --- */

/* The fetch standard spells these in capitals, whatever the caller does, and only these. */
static const char *method_of(const char *given)
{
  static const char *const known[] = {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcasecmp(given, known[i]) == 0) return known[i];
  }
  return given;
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

/* libcurl's own: a content type that nobody named, and a wait for "100 Continue". */
static bool set_headers(transfer *self, const sp_fetch_options *options)
{
  for (size_t i = 0; i < options->header_count; i++) {
    if (!add_header(self, &options->headers[i])) return false;
  }
  if (!has_header(options, "Content-Type") && !add_line(self, "Content-Type:")) return false;
  if (!has_header(options, "Expect") && !add_line(self, "Expect:")) return false;
  return curl_easy_setopt(self->easy, CURLOPT_HTTPHEADER, self->headers) == CURLE_OK;
}

static bool set_redirects(CURL *easy, const sp_fetch_options *options)
{
  if (options->redirect != SP_REDIRECT_FOLLOW) return true;
  long hops = options->max_redirects ? options->max_redirects : REDIRECTS_MAX;
  return curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_MAXREDIRS, hops) == CURLE_OK;
}

static bool is_https(const char *url) { return strncasecmp(url, "https://", 8) == 0; }

static bool is_http(const char *url) { return strncasecmp(url, "http://", 7) == 0; }

/* Requests to one host share its first connection if that turns out to be HTTP/2, which TLS tells
 * at once; without TLS they would wait for the first one's whole answer. The file of authorities is
 * taken from where the curl command and OpenSSL take it. */
static bool set_tls(CURL *easy, const char *url)
{
  if (!is_https(url)) return true;
  const char *file = getenv("SSL_CERT_FILE");
  if (file && *file && curl_easy_setopt(easy, CURLOPT_CAINFO, file) != CURLE_OK) return false;
  return curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L) == CURLE_OK;
}

static bool set_callbacks(transfer *self)
{
  CURL *easy = self->easy;
  return curl_easy_setopt(easy, CURLOPT_PRIVATE, self) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, self->error) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_line) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_HEADERDATA, self) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_WRITEDATA, self) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_connection) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, self) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_connection) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, self->curl) == CURLE_OK;
}

/* QUICK_EXIT: a transfer aborted while its host name is looked up does not wait for the look-up. */
static bool set_request(transfer *self, const sp__fetch *fetch)
{
  CURL *easy = self->easy;
  return curl_easy_setopt(easy, CURLOPT_URL, fetch->url) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https") == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "") == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK && set_tls(easy, fetch->url) &&
         set_method(self, fetch->options) && set_headers(self, fetch->options) &&
         set_redirects(easy, fetch->options);
}

/* --- transfers --- */

static transfer *take_transfer(sp__curl *curl)
{
  transfer *self = curl->spares;
  if (self) {
    curl->spares = self->next;
    curl->spare_count--;
    return self;
  }
  self = calloc(1, sizeof *self);
  if (!self) return NULL;
  self->easy = curl_easy_init();
  if (self->easy) return self;
  free(self);
  return NULL;
}

static void free_transfer(transfer *self)
{
  curl_easy_cleanup(self->easy);
  free(self);
}

static void give_back(sp__curl *curl, transfer *self)
{
  curl_slist_free_all(self->headers);
  if (curl->spare_count == SPARES_MAX) {
    free_transfer(self);
    return;
  }
  curl_easy_reset(self->easy);
  *self = (transfer){.easy = self->easy, .next = curl->spares};
  curl->spares = self;
  curl->spare_count++;
}

static void link_active(sp__curl *curl, transfer *self)
{
  self->previous = NULL;
  self->next = curl->active;
  if (self->next) self->next->previous = self;
  curl->active = self;
  curl->active_count++;
}

static void unlink_active(sp__curl *curl, transfer *self)
{
  if (self->next) self->next->previous = self->previous;
  if (self->previous) {
    self->previous->next = self->next;
  } else {
    curl->active = self->next;
  }
  curl->active_count--;
}

/* The pool holds on to as many connections as there were transfers at once. */
static bool make_pool_room(sp__curl *curl)
{
  if (curl->active_count < curl->connections_max) return true;
  long doubled = curl->connections_max ? curl->connections_max * 2 : CONNECTIONS_AT_FIRST;
  if (curl_multi_setopt(curl->multi, CURLMOPT_MAXCONNECTS, doubled) != CURLM_OK) return false;
  curl->connections_max = doubled;
  return true;
}

static bool add_active(sp__curl *curl, transfer *self)
{
  if (!make_pool_room(curl)) return false;
  if (curl_multi_add_handle(curl->multi, self->easy) != CURLM_OK) return false;
  link_active(curl, self);
  return true;
}

/* Out of libcurl's hands: an answer half read takes its connection with it. */
static void end_transfer(sp__curl *curl, transfer *self)
{
  if (curl_multi_remove_handle(curl->multi, self->easy) != CURLM_OK) abort();
  unlink_active(curl, self);
  self->fetch->host = NULL;
  give_back(curl, self);
}

static void finish(sp__curl *curl, transfer *self, CURLcode result)
{
  sp__fetch *fetch = self->fetch;
  int code = code_of(self, result);
  if (code < 0) fetch->message = explain(self, result);
  end_transfer(curl, self);
  sp__op_complete(&fetch->op, code);
}

/* Servers retire an HTTP/2 connection after so many requests (nginx: 1,000). libcurl 7.88 fails the
 * request that it sends just then, though nothing came of it. */
static bool is_worth_another(const transfer *self, CURLcode result)
{
  long opened = 1;
  if (result != CURLE_HTTP2 || self->status > 0 || self->again || !only_reads(self)) return false;
  if (curl_easy_getinfo(self->easy, CURLINFO_NUM_CONNECTS, &opened) != CURLE_OK) return false;
  return opened == 0;
}

static bool try_again(sp__curl *curl, transfer *self)
{
  self->again = true;
  return curl_multi_remove_handle(curl->multi, self->easy) == CURLM_OK &&
         curl_multi_add_handle(curl->multi, self->easy) == CURLM_OK;
}

static void finish_done(sp__curl *curl)
{
  int left;
  for (CURLMsg *message; (message = curl_multi_info_read(curl->multi, &left));) {
    transfer *self = NULL;
    CURLcode result = message->data.result;
    if (message->msg != CURLMSG_DONE) continue;
    if (curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &self) != CURLE_OK) abort();
    if (is_worth_another(self, result) && try_again(curl, self)) continue;
    finish(curl, self, result);
  }
}

/* From libuv's callbacks only: libcurl must not be entered from its own. Without a watch some
 * transfer would wait for ever, so all of them end. */
static void drive(sp__curl *curl, curl_socket_t socket, int events)
{
  int running;
  CURLMcode code = curl_multi_socket_action(curl->multi, socket, events, &running);
  finish_done(curl);
  if (code == CURLM_OK && !curl->failed) return;
  while (curl->active) finish(curl, curl->active, CURLE_OUT_OF_MEMORY);
  curl->failed = false;
}

/* --- time --- */

static void on_timer(uv_timer_t *timer) { drive(timer->data, CURL_SOCKET_TIMEOUT, 0); }

static int set_timer(CURLM *multi, long milliseconds, void *arg)
{
  (void)multi;
  sp__curl *curl = arg;
  int error = milliseconds < 0 ? uv_timer_stop(&curl->timer)
                               : uv_timer_start(&curl->timer, on_timer, (uint64_t)milliseconds, 0);
  return error == 0 ? 0 : -1;
}

/* --- opening and closing --- */

static CURLcode initialised;

static void initialise(void) { initialised = curl_global_init(CURL_GLOBAL_DEFAULT); }

/* Once a process and never undone, since others in it may use libcurl, too. */
static bool have_libcurl(void)
{
  static uv_once_t once = UV_ONCE_INIT;
  uv_once(&once, initialise);
  return initialised == CURLE_OK;
}

static bool set_multi(sp__curl *curl)
{
  CURLM *multi = curl->multi;
  return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket) == CURLM_OK &&
         curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, curl) == CURLM_OK &&
         curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer) == CURLM_OK &&
         curl_multi_setopt(multi, CURLMOPT_TIMERDATA, curl) == CURLM_OK;
}

static sp__curl *open_curl(uv_loop_t *uv)
{
  sp__curl *curl = have_libcurl() ? calloc(1, sizeof *curl) : NULL;
  if (!curl) return NULL;
  curl->uv = uv;
  curl->multi = curl_multi_init();
  if (curl->multi && set_multi(curl) && uv_timer_init(uv, &curl->timer) == 0) {
    curl->timer.data = curl;
    return curl;
  }
  if (curl->multi) curl_multi_cleanup(curl->multi);
  free(curl);
  return NULL;
}

static void free_curl(uv_handle_t *timer) { free(timer->data); }

void sp__curl_close(sp__curl *curl)
{
  while (curl->active) end_transfer(curl, curl->active);
  for (transfer *spare = curl->spares, *next; spare; spare = next) {
    next = spare->next;
    free_transfer(spare);
  }
  if (curl_multi_cleanup(curl->multi) != CURLM_OK) abort();
  for (size_t i = 0; i < curl->watch_room; i++) drop_watch(curl, (curl_socket_t)i);
  free(curl->watches);
  uv_close((uv_handle_t *)&curl->timer, free_curl);
}

/* --- the host's part --- */

int sp__host_fetch_start(sp__host *host, sp__fetch *fetch)
{
  if (!is_http(fetch->url) && !is_https(fetch->url)) {
    fetch->message = sp__message_copy("a URL begins with http:// or https://");
    return SP_EINVAL;
  }
  if (!host->curl) host->curl = open_curl(&host->uv);
  transfer *self = host->curl ? take_transfer(host->curl) : NULL;
  if (!self) return SP_ENOMEM;
  self->fetch = fetch;
  self->curl = host->curl;
  self->method = method_of(fetch->method);
  if (set_callbacks(self) && set_request(self, fetch) && add_active(host->curl, self)) {
    fetch->host = self;
    return 0;
  }
  give_back(host->curl, self);
  return SP_ENOMEM;
}

void sp__host_fetch_abort(sp__host *host, sp__fetch *fetch)
{
  end_transfer(host->curl, fetch->host);
}
