/* Watching sockets: what libcurl waits for, libuv polls for. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/epoll.h>
#endif

#include "host/uv/http/http.h"

/* libcurl takes a connection out of the poll when its transfer ends and puts it back for the next
 * one; each way costs libuv two system calls. So a connection's watcher stays armed in between,
 * until something does arrive that nobody waits for. That needs to know when it is closed: a
 * connection is ours to open and to close. libcurl's other sockets (its resolver's) are closed
 * behind our back, and are dropped as soon as it gives them up. */
struct watcher {
  uv_poll_t poll;
  sp__curl *curl;
  curl_socket_t socket;
  int wanted; /* UV_READABLE, UV_WRITABLE: what libcurl waits for */
  int armed;  /* what libuv polls for */
  bool is_connection;
  bool is_plain; /* one without TLS: what arrives there is HTTP */
};

static void free_watcher(uv_handle_t *handle) { free(handle->data); }

static watcher *find_watcher(const sp__curl *curl, curl_socket_t socket)
{
  size_t index = (size_t)socket;
  return index < curl->watcher_capacity ? curl->watchers[index] : NULL;
}

/* The socket may be closed as soon as this returns. */
void sp__curl_drop_watcher(sp__curl *curl, curl_socket_t socket)
{
  watcher *self = find_watcher(curl, socket);
  if (!self) return;
  curl->watchers[socket] = NULL;
  uv_close((uv_handle_t *)&self->poll, free_watcher);
}

static bool reserve_watcher(sp__curl *curl, curl_socket_t socket)
{
  size_t capacity = curl->watcher_capacity ? curl->watcher_capacity : 64;
  while (capacity <= (size_t)socket) capacity *= 2;
  if (capacity == curl->watcher_capacity) return true;
  watcher **watchers = realloc(curl->watchers, capacity * sizeof(watcher *));
  if (!watchers) return false;
  for (size_t i = curl->watcher_capacity; i < capacity; i++) watchers[i] = NULL;
  curl->watchers = watchers;
  curl->watcher_capacity = capacity;
  return true;
}

/* A watcher that is there already was of a socket that libcurl closed without a word. NULL: *error is an
 * errno; libuv asks the kernel now whether it will watch the socket. */
static watcher *add_watcher(sp__curl *curl, curl_socket_t socket, int *error)
{
  sp__curl_drop_watcher(curl, socket);
  watcher *self = reserve_watcher(curl, socket) ? calloc(1, sizeof *self) : NULL;
  *error = self ? -uv_poll_init(&curl->host->uv, &self->poll, socket) : ENOMEM;
  if (*error) {
    free(self);
    return NULL;
  }
  self->poll.data = self;
  self->curl = curl;
  self->socket = socket;
  return curl->watchers[socket] = self;
}

static void on_poll(uv_poll_t *poll, int status, int events);

/* libuv adds a socket to the kernel's list in its next poll, and aborts where the user may watch no
 * more. It accepts that a socket is watched already, so this one is before libuv asks. Also when
 * only the events change: uv_poll_start takes the socket off that list first, and another socket
 * could have its place by the poll. Returns 0 or an errno. */
static int reserve(const watcher *self)
{
#ifdef __linux__
  struct epoll_event nothing = {.events = 0, .data = {.fd = self->socket}};
  int poll = uv_backend_fd(self->poll.loop);
  if (epoll_ctl(poll, EPOLL_CTL_ADD, self->socket, &nothing) != 0 && errno != EEXIST) return errno;
#else
  (void)self;
#endif
  return 0;
}

/* Returns 0 or an errno. */
static int arm(watcher *self, int events)
{
  if (self->armed == events) return 0;
  self->armed = 0;
  if (!events) return -uv_poll_stop(&self->poll);
  int error = -uv_poll_start(&self->poll, events, on_poll);
  if (!error) error = reserve(self);
  if (error) {
    uv_poll_stop(&self->poll);
  } else {
    self->armed = events;
  }
  return error;
}

/* Some transfer waits for it. */
static void arm_wanted(watcher *self)
{
  int error = arm(self, self->wanted);
  if (error) self->curl->failed = error;
}

/* libuv's error says that the socket has one. libcurl must find it by itself: if it were told, it
 * would neither read what arrived before nor try again where a connection was closed meanwhile. */
static int curl_events(int status, int events)
{
  if (status < 0) return CURL_CSELECT_IN | CURL_CSELECT_OUT;
  return (events & UV_READABLE ? CURL_CSELECT_IN : 0) |
         (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0);
}

/* Whether a transfer is held back for its task: libcurl does not wait for its connection either,
 * and does not say so where the whole exchange until then went in one go. */
static bool any_is_held(const sp__curl *curl)
{
  const transfer *each = curl->active.first;
  while (each && !each->paused && !each->starved) each = each->next;
  return each != NULL;
}

/* An idle connection has news: most likely its end, which libcurl sees before it reuses the
 * connection. A response that nobody asked for would be given to the next request by libcurl before
 * 8.0: that connection is shut down, and what came is read, so that libcurl finds an end there,
 * too. */
static void drop_unasked(const watcher *self)
{
  char unasked[4096];
  ssize_t size = recv(self->socket, unasked, sizeof unasked, MSG_DONTWAIT);
  if (size > 0) shutdown(self->socket, SHUT_RDWR);
  while (size > 0) size = recv(self->socket, unasked, sizeof unasked, MSG_DONTWAIT);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
  watcher *self = poll->data;
  if (status < 0) self->armed = 0; /* libuv has stopped it */
  if (!self->wanted) {
    if (self->is_plain && !any_is_held(self->curl)) drop_unasked(self);
    arm(self, 0);
    return;
  }
  self->curl->drive(self->curl, self->socket, curl_events(status, events));
  if (!self->wanted || uv_is_closing((uv_handle_t *)poll)) return;
  arm_wanted(self);
  sp__curl_end_if_failed(self->curl);
}

static void stop_watching(sp__curl *curl, curl_socket_t socket)
{
  watcher *self = find_watcher(curl, socket);
  if (!self) return;
  if (!self->is_connection) {
    sp__curl_drop_watcher(curl, socket);
    return;
  }
  self->wanted = 0;
  if (self->armed != UV_READABLE) arm(self, 0);
}

/* Never fails: libcurl would be left half way, unable even to give its transfers back. */
int sp__curl_on_socket(CURL *easy, curl_socket_t socket, int what, void *arg, void *unused)
{
  (void)easy, (void)unused;
  sp__curl *curl = arg;
  if (what == CURL_POLL_REMOVE) {
    stop_watching(curl, socket);
    return 0;
  }
  watcher *self = find_watcher(curl, socket);
  int error;
  if (!self) self = add_watcher(curl, socket, &error);
  if (!self) {
    curl->failed = error;
    return 0;
  }
  self->wanted = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
  arm_wanted(self);
  return 0;
}

static bool is_plain(const transfer *asking)
{
  char *url = NULL;
  CURLcode code = curl_easy_getinfo(asking->easy, CURLINFO_EFFECTIVE_URL, &url);
  return code == CURLE_OK && url && sp__curl_is_http(url);
}

curl_socket_t sp__curl_open_connection(void *arg, curlsocktype purpose,
                                       struct curl_sockaddr *address)
{
  (void)purpose;
  transfer *asking = arg;
  int opened = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  int error = opened < 0 ? errno : 0;
  watcher *self = opened < 0 ? NULL : add_watcher(asking->curl, opened, &error);
  asking->socket_errno = error;
  if (!self) {
    if (opened >= 0) close(opened);
    return CURL_SOCKET_BAD;
  }
  self->is_connection = true;
  self->is_plain = is_plain(asking);
  return opened;
}

int sp__curl_close_connection(void *arg, curl_socket_t socket)
{
  sp__curl_drop_watcher(arg, socket);
  return close(socket);
}
