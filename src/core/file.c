/* Writing a file whole, without blocking the loop. */
#include <stdlib.h>

#include "core/core.h"

static void drop_write(sp__kept *kept) { free(SP__OWNER(kept, sp__file_write, op.kept)->message); }

static int outcome(const sp__file_write *write, int result)
{
  if (result >= 0 || result == SP_ECANCELED) return result;
  return sp_fail(result, "%s: %s", write->path,
                 write->message ? write->message : sp_strerror(result));
}

int sp_write_file_at(const char *path, const void *data, size_t size, const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  sp_loop *loop = task->future.loop;
  sp__file_write *write = sp__op_new(loop, sizeof *write, drop_write);
  if (!write) return SP_ENOMEM;
  write->path = path;
  write->data = data;
  write->size = size;
  int result = sp__host_file_write_start(loop->host, write);
  if (result < 0) {
    sp__op_forgotten(&write->op);
  } else {
    result = sp__op_wait_through(&write->op, task, where);
  }
  result = outcome(write, result);
  sp__op_abandon(&write->op);
  return result;
}
