/* Files that are written whole or not at all, at once or in pieces.
 *
 * Small pieces are buffered. One that does not fit goes to the disk together with those before it,
 * from the caller's memory: large pieces are never copied. */
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "core/file.h"
#include "core/future.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/loop_owned.h"
#include "core/op.h"
#include "core/task.h"
#include "host/host.h"
#include "spindle.h"

enum { GATHERED_MAX = 65536 };

enum file_state { OPEN, BUSY, COMMITTED, FAILED };

struct sp_file {
  sp__loop_owned owned; /* the loop frees it if the program does not */
  sp_loop *loop;
  sp__draft *draft;
  sp__buffer gathered; /* nothing is consumed from its front */
  enum file_state state;
  char path[];
};

/* --- one job for the host --- */

static void drop_draft(sp_loop *loop, sp__draft *draft)
{
  if (draft) sp__host_draft_drop(loop->closed ? NULL : loop->host, draft);
}

static void drop_write(sp__loop_owned *owned)
{
  sp__file_write *write = SP__OWNER(owned, sp__file_write, op.owned);
  drop_draft(write->op.loop, write->draft);
  free(write->message);
}

static int outcome(const sp__file_write *write, int result)
{
  if (result >= 0 || result == SP_ECANCELED) return result;
  return sp_fail(result, "%s: %s", write->path,
                 write->message ? write->message : sp_strerror(result));
}

static int carry_out(sp__file_write *write, sp__task *task, const char *where)
{
  int result = sp__host_file_write_start(write->op.loop->host, write);
  if (result < 0) {
    sp__op_forgotten(&write->op);
  } else {
    result = sp__op_wait_through(&write->op, task, where);
  }
  return outcome(write, result);
}

int sp_write_file_from(const char *path, const void *data, size_t size, const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  sp__file_write *write = sp__op_new(task->future.loop, sizeof *write, drop_write);
  if (!write) return SP_ENOMEM;
  write->path = path;
  write->pieces[0].data = data;
  write->pieces[0].size = size;
  write->last = true;
  int result = carry_out(write, task, where);
  sp__op_abandon(&write->op);
  return result;
}

/* --- a file in pieces --- */

static void drop_file(sp__loop_owned *owned)
{
  sp_file *file = SP__OWNER(owned, sp_file, owned);
  drop_draft(file->loop, file->draft);
  sp__buffer_free(&file->gathered);
}

sp_file *sp_file_new(const char *path)
{
  sp_loop *loop = sp__loop_here();
  if (!loop) return NULL;
  size_t size = strlen(path) + 1;
  sp_file *file = sp__loop_owned_new(loop, sizeof *file + size, drop_file);
  if (!file) return NULL;
  file->loop = loop;
  memcpy(file->path, path, size);
  return file;
}

static int check_open(const sp_file *file)
{
  static const char *const reasons[] = {[BUSY] = "another task is writing it",
                                        [COMMITTED] = "it is already committed",
                                        [FAILED] = "an earlier write failed"};
  if (file->loop != sp__loop_current) {
    return sp_fail(SP_EINVAL, "%s: the file belongs to another loop", file->path);
  }
  if (file->state == OPEN) return 0;
  return sp_fail(SP_EINVALIDSTATE, "%s: %s", file->path, reasons[file->state]);
}

/* Writes the buffered bytes and `data`; the last time the file gets its name. */
static int write_out(sp_file *file, const void *data, size_t size, bool last, const char *where)
{
  sp__file_write *write = sp__op_new(file->loop, sizeof *write, drop_write);
  file->state = FAILED;
  if (!write) return SP_ENOMEM;
  write->path = file->path;
  write->pieces[0].data = file->gathered.bytes;
  write->pieces[0].size = file->gathered.end;
  write->pieces[1].data = data;
  write->pieces[1].size = size;
  write->last = last;
  write->draft = file->draft;
  file->draft = NULL;
  file->state = BUSY;
  int result = carry_out(write, sp__task_running(), where);
  file->draft = write->draft;
  write->draft = NULL;
  file->gathered.end = 0;
  file->state = result < 0 ? FAILED : last ? COMMITTED : OPEN;
  sp__op_abandon(&write->op);
  return result;
}

static int gather(sp_file *file, const void *data, size_t size)
{
  void *target = sp__buffer_reserve(&file->gathered, size);
  if (!target) {
    file->state = FAILED;
    return sp_fail(SP_ENOMEM, "%s: %s", file->path, sp_strerror(SP_ENOMEM));
  }
  memcpy(target, data, size);
  file->gathered.end += size;
  return 0;
}

int sp_file_write_from(sp_file *file, const void *data, size_t size, const char *where)
{
  if (!sp__task_suspendable()) return SP_ENOTASK;
  int error = check_open(file);
  if (error < 0 || size == 0) return error;
  bool fits = size <= GATHERED_MAX - file->gathered.end;
  return fits ? gather(file, data, size) : write_out(file, data, size, false, where);
}

int sp_file_commit_from(sp_file *file, const char *where)
{
  if (!sp__task_suspendable()) return SP_ENOTASK;
  int error = check_open(file);
  return error < 0 ? error : write_out(file, NULL, 0, true, where);
}

void sp_file_free(sp_file *file)
{
  if (!file) return;
  drop_file(&file->owned);
  sp__loop_owned_free(file->loop, &file->owned);
}
