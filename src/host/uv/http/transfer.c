/* Transfers: given to libcurl, driven, finished, aborted; and what they are kept in. */
#include <stdlib.h>
#include <string.h>

#include "host/uv/http/http.h"

enum { SPARES_MAX = 256, CONNECTIONS_AT_FIRST = 256 };

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
  int code = sp__curl_code_of(self, result);
  if (code < 0) fetch->message = sp__curl_explain(self, result);
  end_transfer(curl, self);
  sp__op_complete(&fetch->op, code);
}

/* Servers retire an HTTP/2 connection after so many requests (nginx: 1,000). libcurl 7.88 fails the
 * request that it sends just then, though nothing came of it. */
static bool is_worth_another(const transfer *self, CURLcode result)
{
  long opened = 1;
  if (result != CURLE_HTTP2 || self->status > 0 || self->again || !sp__curl_only_reads(self))
    return false;
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
void sp__curl_drive(sp__curl *curl, curl_socket_t socket, int events)
{
  int running;
  CURLMcode code = curl_multi_socket_action(curl->multi, socket, events, &running);
  finish_done(curl);
  if (code == CURLM_OK && !curl->failed) return;
  while (curl->active) finish(curl, curl->active, CURLE_OUT_OF_MEMORY);
  curl->failed = false;
}

/* --- time --- */

static void on_timer(uv_timer_t *timer) { sp__curl_drive(timer->data, CURL_SOCKET_TIMEOUT, 0); }

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
  return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, sp__curl_on_socket) == CURLM_OK &&
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
  for (size_t i = 0; i < curl->watch_room; i++) sp__curl_drop_watch(curl, (curl_socket_t)i);
  free(curl->watches);
  uv_close((uv_handle_t *)&curl->timer, free_curl);
}

/* --- the host's part --- */

int sp__host_fetch_start(sp__host *host, sp__fetch *fetch)
{
  if (!sp__curl_is_http(fetch->url) && !sp__curl_is_https(fetch->url)) {
    fetch->message = sp__message_copy("a URL begins with http:// or https://");
    return SP_EINVAL;
  }
  if (!host->curl) host->curl = open_curl(&host->uv);
  transfer *self = host->curl ? take_transfer(host->curl) : NULL;
  if (!self) return SP_ENOMEM;
  self->fetch = fetch;
  self->curl = host->curl;
  self->method = sp__curl_method_of(fetch->method);
  if (sp__curl_set_callbacks(self) && sp__curl_set_request(self, fetch) &&
      add_active(host->curl, self)) {
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
