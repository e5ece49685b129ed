/* A body that is sent in pieces: read_body is called in the sending task when the host wants
 * more. */
#include <math.h>

#include "core/buffer.h"
#include "core/error.h"
#include "core/exchange.h"
#include "core/fetch.h"
#include "core/loop.h"
#include "core/op.h"
#include "host/host.h"
#include "spindle.h"

enum { PIECE = 65536 };

/* Nothing more is sent to a server that has responded with an error. */
void sp__fetch_ask_piece(sp__fetch *fetch)
{
  if (fetch->upload.ended) return;
  fetch->upload.asked = true;
  sp__op_news(&fetch->op);
}

/* The timeout is for the whole exchange, and a reader may wait for long. */
static int call_reader(sp__fetch *fetch, void *target)
{
  const sp_fetch_options *options = &fetch->options;
  if (isinf(fetch->deadline)) return options->read_body(options->read_body_arg, target, PIECE);
  sp_timeout limit;
  int error = sp_timeout_open_at(&limit, fetch->deadline);
  if (error < 0) return error;
  return sp_timeout_close(&limit, options->read_body(options->read_body_arg, target, PIECE));
}

/* Handles the reader's result: `size` bytes, 0 for the end, or an error. */
static int take(sp__fetch *fetch, int size)
{
  sp__upload *upload = &fetch->upload;
  size_t announced = fetch->options.body_size;
  if (size > PIECE) return sp_fail(SP_EINVAL, "read_body returned more than the buffer's size");
  if (size < 0) return size;
  upload->given += (size_t)size;
  upload->piece.end += (size_t)size;
  upload->ended = upload->ended || size == 0;
  if (announced == 0 || upload->given == announced) return 0;
  if (upload->given > announced) {
    return sp_fail(SP_EINVAL, "read_body returned more than body_size (%zu bytes)", announced);
  }
  if (!upload->ended) return 0;
  return sp_fail(SP_EINVAL, "read_body returned %zu bytes, fewer than body_size (%zu)",
                 upload->given, announced);
}

static int read_piece(sp__fetch *fetch)
{
  void *target = sp__buffer_reserve(&fetch->upload.piece, PIECE);
  return target ? take(fetch, call_reader(fetch, target)) : SP_ENOMEM;
}

/* All announced bytes are there: before they are sent, the reader must report the end. */
static bool wants_end(const sp__fetch *fetch)
{
  const sp__upload *upload = &fetch->upload;
  return !upload->ended && fetch->options.body_size > 0 &&
         upload->given == fetch->options.body_size;
}

/* A reader that was cancelled is called again, if the task continues. */
int sp__upload_piece(sp__fetch *fetch)
{
  int error = 0;
  do error = read_piece(fetch);
  while (error == 0 && wants_end(fetch));
  if (error == SP_ECANCELED) return error;
  fetch->upload.asked = false;
  if (fetch->op.completing) return 0;
  if (error < 0) {
    sp__fetch_fail(fetch, error, sp__message_of(error));
  } else {
    sp__host_fetch_send(fetch->op.loop->host, fetch);
  }
  return 0;
}
