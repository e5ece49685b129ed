/* What the core asks of HTTP: begin, resume, end; and the turn's end, at which that is done. */
#include <string.h>

#include "core/buffer.h"
#include "core/error.h"
#include "core/exchange.h"
#include "core/loop.h"
#include "host/host.h"
#include "host/uv/http/http.h"
#include "spindle.h"

/* libcurl may call back meanwhile, and pause again. */
static void go_on(transfer *self)
{
  const sp__fetch *fetch = self->fetch;
  if (sp__fetch_has_capacity(fetch, 1)) self->paused = false;
  if (sp__buffer_size(&fetch->upload.piece) > 0 || fetch->upload.ended) self->starved = false;
  int still = (self->paused ? CURLPAUSE_RECV : 0) | (self->starved ? CURLPAUSE_SEND : 0);
  CURLcode result = curl_easy_pause(self->easy, still);
  bool has_connection = result != CURLE_BAD_FUNCTION_ARGUMENT; /* without one nothing is paused */
  if (result != CURLE_OK && has_connection) sp__curl_finish(self, result);
}

static void carry_out(transfer *self)
{
  sp__curl *curl = self->curl;
  if (!self->fetch) {
    sp__curl_end(self);
  } else if (self->added) {
    go_on(self);
  } else if (!sp__curl_add(self)) {
    sp__curl_finish(self, CURLE_OUT_OF_MEMORY);
  }
  sp__curl_end_if_failed(curl);
}

void sp__curl_carry_out(sp__host *host)
{
  for (transfer *self; (self = sp__curl_next_submission(host));) carry_out(self);
  if (host->has_unused) sp__curl_close_unused(host);
}

/* Outside a turn at once: a body that is borrowed may be gone before the next turn ends. */
static void submit(transfer *self)
{
  sp__host *host = self->curl->host;
  sp__curl_submit_later(self);
  if (!host->loop->turning) sp__curl_carry_out(host);
}

/* --- the host's part --- */

int sp__host_fetch_start(sp__host *host, sp__fetch *fetch)
{
  const char *url = fetch->url + strspn(fetch->url, " ");
  if (!sp__curl_is_http(url) && !sp__curl_is_https(url)) {
    fetch->message = sp__message_copy("the URL must begin with http:// or https://");
    return SP_EINVAL;
  }
  sp__curl *curl = sp__curl_of(host, fetch->options.session);
  transfer *self = curl ? sp__curl_take(curl) : NULL;
  if (!self) return SP_ENOMEM;
  self->fetch = fetch;
  fetch->host = self;
  submit(self);
  return 0;
}

void sp__host_fetch_want(sp__host *host, sp__fetch *fetch)
{
  (void)host;
  transfer *self = fetch->host;
  if (self->paused) submit(self);
}

void sp__host_fetch_send(sp__host *host, sp__fetch *fetch)
{
  (void)host;
  submit(fetch->host);
}

void sp__host_fetch_abort(sp__host *host, sp__fetch *fetch)
{
  (void)host;
  transfer *self = fetch->host;
  fetch->host = NULL;
  self->fetch = NULL;
  submit(self);
}
