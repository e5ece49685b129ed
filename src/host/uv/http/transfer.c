/* Transfers: added to libcurl, driven, finished, ended; and the spare ones. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/exchange.h"
#include "core/list.h"
#include "core/op.h"
#include "host/uv/http/http.h"
#include "spindle.h"

enum { SPARES_MAX = 256, CONNECTIONS_AT_FIRST = 256 };

/* --- those that there are --- */

transfer *sp__curl_take(sp__curl *curl)
{
  transfer *self = curl->spares;
  if (self) {
    curl->spares = self->next;
    curl->spare_count--;
  } else {
    self = calloc(1, sizeof *self);
  }
  if (!self) return NULL;
  self->curl = curl;
  SP__LIST_APPEND(&curl->active, self);
  curl->active_count++;
  return self;
}

static void free_transfer(transfer *self)
{
  if (self->easy) curl_easy_cleanup(self->easy);
  free(self);
}

/* libcurl 7.88 does not free the names of cookie files here. */
static void forget(transfer *self)
{
  CURLcode code = CURLE_OK;
  if (self->curl->share) code = curl_easy_setopt(self->easy, CURLOPT_COOKIEFILE, NULL);
  if (code != CURLE_OK) abort();
  curl_easy_reset(self->easy);
  self->told = false;
}

/* What libcurl keeps of an exchange in spite of a reset is only partly known: that the body of an
 * upload would have to be sent once more, for one. So only a transfer that went as usual is
 * reused. */
static void reuse(sp__curl *curl, transfer *self)
{
  curl_slist_free_all(self->headers);
  sp__codings_reset(self);
  if (self->uploads || !self->usual || curl->spare_count == SPARES_MAX) {
    free_transfer(self);
    return;
  }
  if (self->easy && !self->told) forget(self);
  *self = (transfer){.easy = self->easy, .told = self->told, .next = curl->spares};
  curl->spares = self;
  curl->spare_count++;
}

/* --- their beginning and their end --- */

/* The connection pool holds as many connections as there were transfers at once. */
static bool reserve_pool(sp__curl *curl)
{
  if (curl->active_count <= curl->connections_max) return true;
  long doubled = curl->connections_max ? curl->connections_max * 2 : CONNECTIONS_AT_FIRST;
  while (doubled < curl->active_count) doubled *= 2;
  if (curl_multi_setopt(curl->multi, CURLMOPT_MAXCONNECTS, doubled) != CURLM_OK) return false;
  curl->connections_max = doubled;
  return true;
}

bool sp__curl_add(transfer *self)
{
  sp__curl *curl = self->curl;
  if (!self->easy) self->easy = curl_easy_init();
  self->method = sp__curl_method_of(self->fetch->method);
  self->uploads = self->fetch->options.read_body != NULL;
  self->plain = sp__curl_is_plain(self, self->fetch);
  if (self->told && !self->plain) forget(self);
  bool ready = self->easy && sp__curl_set_request(self, self->fetch) && reserve_pool(curl);
  self->told = false; /* until it is seen how it ends */
  if (!ready) return false;
  self->added = curl_multi_add_handle(curl->multi, self->easy) == CURLM_OK;
  return self->added;
}

void sp__curl_end(transfer *self)
{
  sp__curl *curl = self->curl;
  if (self->added && curl_multi_remove_handle(curl->multi, self->easy) != CURLM_OK) abort();
  if (self->added && !self->done) sp__curl_ask_time(curl);
  sp__curl_take_back(self);
  SP__LIST_REMOVE(&curl->active, self);
  curl->active_count--;
  if (self->fetch) self->fetch->host = NULL;
  reuse(curl, self);
}

void sp__curl_finish(transfer *self, CURLcode result)
{
  sp__fetch *fetch = self->fetch;
  int code = sp__curl_code_of(self, result);
  self->usual = code >= 0 && !self->odd;
  self->told = self->plain && self->usual;
  if (fetch && code < 0 && !fetch->message) fetch->message = sp__curl_explain(self, result);
  sp__curl_end(self);
  if (fetch) sp__op_complete(&fetch->op, code);
}

void sp__curl_end_all(sp__curl *curl)
{
  while (curl->active.first) sp__curl_end(curl->active.first);
  for (transfer *spare = curl->spares, *next; spare; spare = next) {
    next = spare->next;
    free_transfer(spare);
  }
}

void sp__curl_end_if_failed(sp__curl *curl)
{
  if (!curl->failed) return;
  for (transfer *self; (self = curl->active.first);) {
    self->socket_errno = curl->failed;
    if (curl->failed == ENOMEM) self->failure = SP_ENOMEM;
    sp__curl_finish(self, curl->failed == ENOMEM ? CURLE_OUT_OF_MEMORY : CURLE_COULDNT_CONNECT);
  }
  curl->failed = 0;
}

/* --- what libcurl has finished --- */

/* Servers retire an HTTP/2 connection after so many requests (nginx: 1,000). libcurl 7.88 fails the
 * request that it sends just then, though nothing came of it. */
static bool is_worth_another(const transfer *self, CURLcode result)
{
  long opened = 1;
  if (result != CURLE_HTTP2 || self->status > 0 || !sp__curl_may_repeat(self)) return false;
  if (curl_easy_getinfo(self->easy, CURLINFO_NUM_CONNECTS, &opened) != CURLE_OK) return false;
  return opened == 0;
}

static bool try_again(sp__curl *curl, transfer *self)
{
  self->repeated = true;
  self->sending = false;
  self->sent = 0;
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
    self->done = true;
    sp__curl_finish(self, result);
  }
}

/* From libuv's callbacks only: libcurl must not be entered from its own. Without a watcher some
 * transfer would wait for ever, so all of them end. */
void sp__curl_drive(sp__curl *curl, curl_socket_t socket, int events)
{
  int running;
  CURLMcode code = curl_multi_socket_action(curl->multi, socket, events, &running);
  finish_done(curl);
  if (code != CURLM_OK) curl->failed = ENOMEM;
  sp__curl_end_if_failed(curl);
}
