/* Reading a whole file without blocking the loop. */
#include <stdlib.h>

#include "core/file.h"
#include "core/future.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/loop_owned.h"
#include "core/op.h"
#include "core/task.h"
#include "host/host.h"
#include "spindle.h"

static void drop_read(sp__loop_owned *owned)
{
  sp__file_read *read = SP__OWNER(owned, sp__file_read, op.owned);
  free(read->data);
  free(read->message);
}

/* Both the task and the host are done with it when this returns. */
static int wait_for_bytes(sp__file_read *read, sp__task *task, const char *where)
{
  sp_loop *loop = read->op.loop;
  int result = sp__host_file_read_start(loop->host, read);
  if (result < 0) {
    sp__op_forgotten(&read->op);
    return result;
  }
  result = sp__op_wait(&read->op, task, where);
  if (!read->op.completing) {
    sp__host_file_read_abort(loop->host, read);
    sp__op_forgotten(&read->op);
  }
  return result;
}

int sp_read_file_from(const char *path, void **data, size_t *size, const char *where)
{
  *data = NULL;
  *size = 0;
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  sp__file_read *read = sp__op_new(task->future.loop, sizeof *read, drop_read);
  if (!read) return SP_ENOMEM;
  read->path = path;
  int result = wait_for_bytes(read, task, where);
  if (result >= 0) {
    *data = read->data;
    *size = read->size;
    read->data = NULL;
  } else if (result != SP_ECANCELED) {
    sp_fail(result, "%s: %s", path, read->message ? read->message : sp_strerror(result));
  }
  sp__op_abandon(&read->op);
  return result;
}
