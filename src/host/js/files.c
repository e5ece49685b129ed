/* Files for the JavaScript host: C's side of src/host/js/files.js. Linked only into programs that
 * use files. */
#include <emscripten.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/file.h"
#include "core/op.h"
#include "host/host.h"
#include "host/js/js_host.h"
#include "spindle.h"

bool sp__js_takes_files(void);
sp__draft *sp__js_draft_new(const char *path);
void sp__js_draft_add(sp__draft *draft, const void *data, size_t size);
void sp__js_draft_write(sp__draft *draft, sp__file_write *id, sp__host *host, bool last);
void sp__js_draft_drop(sp__draft *draft);
bool sp__js_gives_files(void);
void sp__js_read(sp__file_read *id, sp__host *host, const char *path);
void sp__js_read_abort(sp__file_read *id);

int sp__host_file_write_start(sp__host *host, sp__file_write *write)
{
  if (!sp__js_takes_files()) {
    write->message = sp__message_copy("the page accepts no files: set the module's onFile option");
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
  sp__js_take_message(&write->message, message);
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
    read->message =
        sp__message_copy("the page provides no files: set the module's readFile option");
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

/* Returns NULL when out of memory. */
EMSCRIPTEN_KEEPALIVE void *sp__js_read_reserve(sp__file_read *read, size_t size)
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
  sp__js_take_message(&read->message, message);
  sp__op_complete(&read->op, result);
}
