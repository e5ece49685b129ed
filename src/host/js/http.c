/* HTTP for the JavaScript host: C's side of src/host/js/http.js. Linked only into programs that
 * fetch. */
#include <emscripten.h>
#include <string.h>

#include "core/buffer.h"
#include "core/error.h"
#include "core/exchange.h"
#include "core/op.h"
#include "core/session.h"
#include "host/host.h"
#include "host/js/js_host.h"
#include "spindle.h"

void sp__js_fetch(sp__fetch *id, sp__host *host, const char *url, const char *method, int redirect,
                  int max_redirects, sp_session *session, bool in_pieces);
void sp__js_fetch_add_header(sp__fetch *id, const char *name, const char *value);
void sp__js_fetch_begin(sp__fetch *id, const void *body, size_t size);
void sp__js_fetch_upload(sp__fetch *id, size_t size);
void sp__js_fetch_send(sp__fetch *id, const void *data, size_t size, bool ended);
void sp__js_fetch_want(sp__fetch *id);
void sp__js_fetch_abort(sp__fetch *id);
bool sp__js_session(sp_session *id, sp__host *host, int most, int most_per_host, bool cookies);
void sp__js_session_end(sp_session *id);

enum { REDIRECTS_MAX = 20, AHEAD = 16384 };

int sp__host_fetch_start(sp__host *host, sp__fetch *fetch)
{
  const sp_fetch_options *options = &fetch->options;
  int max_redirects = options->max_redirects ? options->max_redirects : REDIRECTS_MAX;
  sp__js_fetch(fetch, host, fetch->url, fetch->method, (int)options->redirect, max_redirects,
               options->session, fetch->in_pieces);
  for (size_t i = 0; i < options->header_count; i++) {
    sp__js_fetch_add_header(fetch, options->headers[i].name, options->headers[i].value);
  }
  if (options->read_body) {
    sp__js_fetch_upload(fetch, options->body_size);
  } else {
    sp__js_fetch_begin(fetch, options->body, options->body_size);
  }
  return 0;
}

void sp__host_fetch_want(sp__host *host, sp__fetch *fetch)
{
  (void)host;
  sp__js_fetch_want(fetch);
}

void sp__host_fetch_send(sp__host *host, sp__fetch *fetch)
{
  (void)host;
  sp__buffer *piece = &fetch->upload.piece;
  const char *data = piece->bytes + piece->from;
  size_t size = sp__buffer_size(piece);
  piece->from = piece->end = 0;
  sp__js_fetch_send(fetch, data, size, fetch->upload.ended);
}

void sp__host_fetch_abort(sp__host *host, sp__fetch *fetch)
{
  (void)host;
  sp__js_fetch_abort(fetch);
}

/* `texts`: the URL, then a name and a value for each header, each text with its NUL. */
EMSCRIPTEN_KEEPALIVE int sp__js_fetch_head(sp__fetch *fetch, int status, const char *texts,
                                           size_t header_count)
{
  int error = sp__fetch_on_head(fetch, status, texts);
  const char *next = texts + strlen(texts) + 1;
  for (size_t i = 0; i < header_count && error == 0; i++) {
    const char *name = next;
    size_t name_size = strlen(name);
    const char *value = name + name_size + 1;
    size_t value_size = strlen(value);
    error = sp__fetch_on_header(fetch, name, name_size, value, value_size);
    next = value + value_size + 1;
  }
  return error < 0 ? error : sp__fetch_on_head_end(fetch);
}

/* Returns an address, or an error code, which is never an address. */
EMSCRIPTEN_KEEPALIVE intptr_t sp__js_fetch_reserve(sp__fetch *fetch, size_t size)
{
  void *target;
  int error = sp__fetch_body_reserve(fetch, size, &target);
  return error < 0 ? error : (intptr_t)target;
}

/* Returns whether more may come at once. */
EMSCRIPTEN_KEEPALIVE bool sp__js_fetch_filled(sp__fetch *fetch, size_t size)
{
  sp__fetch_body_filled(fetch, size);
  return sp__fetch_has_capacity(fetch, AHEAD);
}

EMSCRIPTEN_KEEPALIVE bool sp__js_is_for_origin(const char *name) { return sp__is_for_origin(name); }

EMSCRIPTEN_KEEPALIVE void sp__js_fetch_ask(sp__fetch *fetch) { sp__fetch_ask_piece(fetch); }

EMSCRIPTEN_KEEPALIVE void sp__js_fetch_done(sp__fetch *fetch, int result, const char *message)
{
  if (result < 0) sp__js_take_message(&fetch->message, message);
  sp__op_complete(&fetch->op, result);
}

int sp__host_session_open(sp__host *host, sp_session *session)
{
  const sp_session_options *options = &session->options;
  bool opened = sp__js_session(session, host, options->max_connections,
                               options->max_connections_per_host, options->cookies);
  return opened ? 0 : sp__fail(SP_ENOTSUP, "cookies are not supported under Node.js");
}

void sp__host_session_close(sp__host *host, sp_session *session)
{
  (void)host;
  sp__js_session_end(session);
}
