/* The JavaScript host: browsers and Node. C's side of src/host/js/spindle.js. */
#include <emscripten.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "host/js/js_host.h"

/* Short enough that a page stays responsive: a long task is one of 50 ms. */
const double sp__host_turn_budget = 4e-3;

static sp__host *running;

double sp__js_now(void);
void sp__js_wake(void);
bool sp__js_can_park(void);
int sp__js_park(void);
void sp__js_complain(const char *text);
void sp__js_open(uint32_t *barriers);
void sp__js_fetch(sp__fetch *id, sp__host *host, const char *url, const char *method, int redirect,
                  sp_session *session, bool in_pieces);
void sp__js_fetch_add_header(sp__fetch *id, const char *name, const char *value);
void sp__js_fetch_begin(sp__fetch *id, const void *body, size_t size);
void sp__js_fetch_upload(sp__fetch *id, size_t size);
void sp__js_fetch_send(sp__fetch *id, const void *data, size_t size, bool ended);
void sp__js_fetch_want(sp__fetch *id);
void sp__js_fetch_abort(sp__fetch *id);
bool sp__js_session(sp_session *id, sp__host *host, int most, int most_per_host, bool cookies);
void sp__js_session_end(sp_session *id);
bool sp__js_takes_files(void);
sp__draft *sp__js_draft_new(const char *path);
void sp__js_draft_add(sp__draft *draft, const void *data, size_t size);
void sp__js_draft_write(sp__draft *draft, sp__file_write *id, sp__host *host, bool last);
void sp__js_draft_drop(sp__draft *draft);
bool sp__js_gives_files(void);
void sp__js_read(sp__file_read *id, sp__host *host, const char *path);
void sp__js_read_abort(sp__file_read *id);
int sp__js_columns(int fd);
void sp__js_forget_all(sp__host *host);

/* --- the loop --- */

void sp__host_complain(const char *text) { sp__js_complain(text); }

double sp__host_now(sp__host *host)
{
  (void)host;
  return sp__js_now();
}

int sp__host_check(void)
{
  return sp__js_can_park()
             ? 0
             : sp__fail(SP_ENOTSUP, "only main() can be parked: call sp_run from there");
}

sp__host *sp__host_open(sp_loop *loop)
{
  sp__js_open(&sp__switch_barriers);
  sp__host *host = calloc(1, sizeof *host);
  if (host) host->loop = loop;
  return host;
}

void sp__host_close(sp__host *host)
{
  sp__js_forget_all(host);
  sp_executor_free(host->pool);
  free(host);
}

int sp__host_run(sp__host *host)
{
  host->stopped = false;
  running = host;
  bool parked = sp__js_park() == 0;
  running = NULL;
  return parked ? 0 : sp__fail(SP_ENOMEM, "no memory to park main()");
}

void sp__host_stop(sp__host *host) { host->stopped = true; }

void sp__host_wake(sp__host *host)
{
  if (host == running) sp__js_wake();
}

/* A turn. Seconds until the next is wanted, or -1 when the run has ended. */
EMSCRIPTEN_KEEPALIVE double sp__js_turn(void)
{
  double again = sp__loop_turn(running->loop);
  return running->stopped ? -1 : again;
}

EMSCRIPTEN_KEEPALIVE bool sp__js_interrupt(void)
{
  return running && sp__loop_interrupt(running->loop);
}

/* NULL: there was no memory for the name. */
EMSCRIPTEN_KEEPALIVE int sp__js_error_code(const char *name)
{
  return name ? sp__error_code(name) : SP_ENOMEM;
}

/* --- http --- */

int sp__host_fetch_start(sp__host *host, sp__fetch *fetch)
{
  const sp_fetch_options *options = &fetch->options;
  sp__js_fetch(fetch, host, fetch->url, fetch->method, (int)options->redirect, options->session,
               fetch->in_pieces);
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

EMSCRIPTEN_KEEPALIVE int sp__js_fetch_head(sp__fetch *fetch, int status, const char *url)
{
  return url ? sp__fetch_on_head(fetch, status, url) : SP_ENOMEM;
}

EMSCRIPTEN_KEEPALIVE int sp__js_fetch_header(sp__fetch *fetch, const char *name, const char *value)
{
  if (!name || !value) return SP_ENOMEM;
  return sp__fetch_on_header(fetch, name, strlen(name), value, strlen(value));
}

EMSCRIPTEN_KEEPALIVE int sp__js_fetch_head_end(sp__fetch *fetch)
{
  return sp__fetch_on_head_end(fetch);
}

/* An address; or an error, which is none. */
EMSCRIPTEN_KEEPALIVE intptr_t sp__js_fetch_room(sp__fetch *fetch, size_t size)
{
  void *room;
  int error = sp__fetch_body_room(fetch, size, &room);
  return error < 0 ? error : (intptr_t)room;
}

EMSCRIPTEN_KEEPALIVE void sp__js_fetch_filled(sp__fetch *fetch, size_t size)
{
  sp__fetch_body_filled(fetch, size);
}

EMSCRIPTEN_KEEPALIVE void sp__js_fetch_ask(sp__fetch *fetch) { sp__fetch_ask_piece(fetch); }

EMSCRIPTEN_KEEPALIVE void sp__js_fetch_done(sp__fetch *fetch, int result, const char *message)
{
  if (result < 0 && message && *message && !fetch->message) {
    fetch->message = sp__message_copy(message);
  }
  sp__op_complete(&fetch->op, result);
}

int sp__host_session_open(sp__host *host, sp_session *session)
{
  const sp_session_options *options = &session->options;
  bool opened = sp__js_session(session, host, options->max_connections,
                               options->max_connections_per_host, options->cookies);
  return opened ? 0 : sp__fail(SP_ENOTSUP, "Node.js keeps no cookies");
}

void sp__host_session_close(sp__host *host, sp_session *session)
{
  (void)host;
  sp__js_session_end(session);
}

/* --- files --- */

int sp__host_file_write_start(sp__host *host, sp__file_write *write)
{
  if (!sp__js_takes_files()) {
    write->message = sp__message_copy("this page takes no files (the module's onFile option)");
    return SP_ENOTSUP;
  }
  if (!write->draft) write->draft = sp__js_draft_new(write->path);
  for (int i = 0; i < 2; i++) {
    if (write->pieces[i].size == 0) continue;
    sp__js_draft_add(write->draft, write->pieces[i].data, write->pieces[i].size);
  }
  sp__js_draft_write(write->draft, write, host, write->last);
  return 0;
}

EMSCRIPTEN_KEEPALIVE void sp__js_written(sp__file_write *write, int result, const char *message)
{
  if (message) write->message = sp__message_copy(message);
  if (result < 0 || write->last) write->draft = NULL;
  sp__op_complete(&write->op, result);
}

void sp__host_draft_drop(sp__host *host, sp__draft *draft)
{
  (void)host;
  sp__js_draft_drop(draft);
}

int sp__host_file_read_start(sp__host *host, sp__file_read *read)
{
  if (!sp__js_gives_files()) {
    read->message = sp__message_copy("this page gives no files (the module's readFile option)");
    return SP_ENOTSUP;
  }
  sp__js_read(read, host, read->path);
  return 0;
}

void sp__host_file_read_abort(sp__host *host, sp__file_read *read)
{
  (void)host;
  sp__js_read_abort(read);
}

/* NULL: out of memory. */
EMSCRIPTEN_KEEPALIVE void *sp__js_read_room(sp__file_read *read, size_t size)
{
  char *data = malloc(size + 1);
  if (!data) return NULL;
  data[size] = '\0';
  read->data = data;
  read->size = size;
  return data;
}

EMSCRIPTEN_KEEPALIVE void sp__js_read_done(sp__file_read *read, int result, const char *message)
{
  if (message) read->message = sp__message_copy(message);
  sp__op_complete(&read->op, result);
}

/* --- terminals --- */

int sp__host_columns(int fd) { return sp__js_columns(fd); }
