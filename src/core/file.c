/* Writing a file whole, without blocking the loop. */
#include <stdlib.h>

#include "core/core.h"

static void free_write(sp__op *op)
{
  sp__file_write *write = SP__OWNER(op, sp__file_write, op);
  free(write->message);
  free(write);
}

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
  sp__file_write *write = calloc(1, sizeof *write);
  if (!write || sp__op_open(&write->op, loop, free_write) < 0) {
    free(write);
    return sp__fail(SP_ENOMEM, NULL);
  }
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
