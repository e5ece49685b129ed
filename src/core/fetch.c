/* HTTP: one exchange, the part that is the same on all hosts.
 *
 * The host moves the bytes. Here the task waits for them: for the whole response (sp_fetch), or for
 * its head (sp_fetch_open) and then for one piece of the body after the other (sp_response_read). A
 * timeout or a cancellation ends the exchange, and an error gets its message. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "core/call.h"
#include "core/exchange.h"
#include "core/fetch.h"
#include "core/future.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/loop_owned.h"
#include "core/op.h"
#include "core/session.h"
#include "core/task.h"
#include "host/host.h"
#include "spindle.h"

/* --- the exchange --- */

static void drop_fetch(sp__loop_owned *owned)
{
  sp__fetch *fetch = SP__OWNER(owned, sp__fetch, op.owned);
  sp__fetch_drop_response(fetch);
  sp__buffer_free(&fetch->upload.piece);
  free(fetch->asked);
  free(fetch->own_url);
  free(fetch->own_headers);
  free(fetch->message);
}

static sp__fetch *new_fetch(sp_loop *loop, const char *url, const sp_fetch_options *options,
                            const char *method)
{
  sp__fetch *fetch = sp__op_new(loop, sizeof *fetch, drop_fetch);
  if (!fetch) return NULL;
  fetch->url = url;
  fetch->method = method;
  fetch->options = *options;
  fetch->deadline = INFINITY;
  return fetch;
}

void sp__fetch_fail(sp__fetch *fetch, int code, char *message)
{
  free(fetch->message);
  fetch->message = message;
  sp__host_fetch_abort(fetch->op.loop->host, fetch);
  sp__op_complete(&fetch->op, code);
}

static void on_timeout(void *arg)
{
  sp__fetch *fetch = arg;
  if (!fetch->op.completing) sp__fetch_fail(fetch, SP_ETIMEDOUT, NULL);
}

static int limit_time(sp__fetch *fetch)
{
  sp_loop *loop = fetch->op.loop;
  double seconds = fetch->options.timeout;
  if (seconds == 0 || isinf(seconds)) return 0;
  fetch->deadline = sp_loop_time(loop) + seconds;
  fetch->timer = sp__call_at(loop, fetch->deadline, on_timeout, fetch);
  return fetch->timer.call ? 0 : SP_ENOMEM;
}

static int begin(sp__fetch *fetch)
{
  int error = sp__url_take_secret(fetch);
  if (error == 0) error = sp__host_fetch_start(fetch->op.loop->host, fetch);
  if (error == 0) return limit_time(fetch);
  sp__op_forgotten(&fetch->op);
  return error;
}

void sp__fetch_end(sp__fetch *fetch)
{
  sp_handle_cancel(fetch->timer);
  if (!fetch->op.completing) {
    if (!fetch->op.loop->closed) sp__host_fetch_abort(fetch->op.loop->host, fetch);
    sp__op_forgotten(&fetch->op);
  }
  sp__session_leave(fetch->options.session);
  sp__op_abandon(&fetch->op);
}

int sp__fetch_follow(sp__fetch *fetch, sp__task *task, bool (*enough)(const sp__fetch *fetch),
                     const char *where)
{
  while (!enough(fetch)) {
    if (fetch->op.completed) return fetch->op.result;
    int error =
        fetch->upload.asked ? sp__upload_piece(fetch) : sp__op_wait_news(&fetch->op, task, where);
    if (error < 0) return error;
  }
  return 0;
}

static int say(const sp__fetch *fetch, int code, const char *what)
{
  if (fetch->asked) return sp_fail(code, "%s: %s", fetch->asked, what);
  return sp_fail(code, "%s %s: %s", fetch->method, fetch->url, what);
}

/* If not, the timeout is the body reader's or the host's. A deadline is due within a nanosecond, as
 * the loop's timers are. */
static bool is_late(const sp__fetch *fetch)
{
  return sp_loop_time(fetch->op.loop) + 1e-9 >= fetch->deadline;
}

int sp__fetch_explain(const sp__fetch *fetch, int code)
{
  char text[64];
  if (code == SP_ECANCELED) return code;
  if (fetch->message) return say(fetch, code, fetch->message);
  if (code != SP_ETIMEDOUT || !is_late(fetch)) return say(fetch, code, sp_strerror(code));
  snprintf(text, sizeof text, "timed out after %g s", fetch->options.timeout);
  return say(fetch, code, text);
}

/* --- the whole response --- */

static bool never(const sp__fetch *fetch)
{
  (void)fetch;
  return false;
}

static int wait_for_all(sp__fetch *fetch, sp__task *task, const char *where)
{
  int error = begin(fetch);
  if (error < 0) return error;
  if (fetch->options.read_body) return sp__fetch_follow(fetch, task, never, where);
  return sp__op_wait(&fetch->op, task, where);
}

static int fetch_all(sp__fetch *fetch, sp__task *task, sp_response *response, const char *where)
{
  int result = wait_for_all(fetch, task, where);
  if (result >= 0) result = sp__fetch_hand_over(fetch, response);
  if (result < 0) result = sp__fetch_explain(fetch, result);
  sp__fetch_end(fetch);
  return result;
}

/* --- its head --- */

static bool has_head(const sp__fetch *fetch) { return fetch->has_head; }

/* Copies the URL and the method, which are the caller's, once there is a response to be read. */
static int keep_words(sp__fetch *fetch)
{
  size_t size = strlen(fetch->method) + strlen(fetch->url) + 2;
  fetch->asked = malloc(size);
  if (!fetch->asked) return SP_ENOMEM;
  snprintf(fetch->asked, size, "%s %s", fetch->method, fetch->url);
  return 0;
}

static int wait_for_head(sp__fetch *fetch, sp__task *task, const char *where)
{
  fetch->in_pieces = true;
  int error = begin(fetch);
  if (error == 0) error = sp__fetch_follow(fetch, task, has_head, where);
  return error < 0 ? error : keep_words(fetch);
}

static int fetch_head(sp__fetch *fetch, sp__task *task, sp_response *response, const char *where)
{
  int result = wait_for_head(fetch, task, where);
  if (result >= 0) return sp__fetch_hand_over(fetch, response);
  result = sp__fetch_explain(fetch, result);
  sp__fetch_end(fetch);
  return result;
}

/* --- a piece of the body --- */

static bool has_piece(const sp__fetch *fetch) { return sp__buffer_size(&fetch->piece) > 0; }

static int wait_for_piece(sp__fetch *fetch, sp__task *task, const char *where)
{
  if (has_piece(fetch)) return 0;
  if (!fetch->op.completing) sp__host_fetch_want(fetch->op.loop->host, fetch);
  fetch->reading = true;
  int result = sp__fetch_follow(fetch, task, has_piece, where);
  fetch->reading = false;
  return result;
}

static int refuse_read(const sp_response *response, size_t size)
{
  if (!response->stream) return sp_fail(SP_EINVALIDSTATE, "the response is not from sp_fetch_open");
  if (response->stream->op.loop != sp__loop_current) {
    return sp_fail(SP_EINVAL, "the response belongs to another loop");
  }
  if (response->stream->reading)
    return sp_fail(SP_EINVALIDSTATE, "another task is reading the response");
  return size > 0 ? 0 : sp_fail(SP_EINVAL, "buffer size is 0");
}

int sp_response_read_from(sp_response *response, void *buffer, size_t size, const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  int error = refuse_read(response, size);
  if (error < 0) return error;
  sp__fetch *fetch = response->stream;
  error = wait_for_piece(fetch, task, where);
  if (error < 0) return sp__fetch_explain(fetch, error);
  return (int)sp__buffer_take(&fetch->piece, buffer, size < INT_MAX ? size : INT_MAX);
}

void sp_response_free(sp_response *response)
{
  if (response->stream) {
    sp__fetch_end(response->stream);
    *response = (sp_response){.status = 0};
  } else {
    sp__response_empty(response);
  }
}

/* --- public functions --- */

typedef int fetcher(sp__fetch *fetch, sp__task *task, sp_response *response, const char *where);

static int fetch_by(fetcher *how, const char *url, const sp_fetch_options *options,
                    sp_response *response, const char *where)
{
  static const sp_fetch_options defaults = {.method = NULL};
  *response = (sp_response){.status = 0};
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  if (!options) options = &defaults;
  const char *method = sp__method_of(options);
  int error = sp__url_check(url);
  if (error == 0) error = sp__request_check(options, method);
  if (error < 0) return error;
  error = sp__session_enter(options->session, task->future.loop);
  if (error < 0) return error;
  sp__fetch *fetch = new_fetch(task->future.loop, url, options, method);
  if (fetch) return how(fetch, task, response, where);
  sp__session_leave(options->session);
  return SP_ENOMEM;
}

int sp_fetch_from(const char *url, const sp_fetch_options *options, sp_response *response,
                  const char *where)
{
  return fetch_by(fetch_all, url, options, response, where);
}

int sp_fetch_open_from(const char *url, const sp_fetch_options *options, sp_response *response,
                       const char *where)
{
  return fetch_by(fetch_head, url, options, response, where);
}
