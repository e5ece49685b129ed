/* Files: one job of libuv's pool opens, writes, closes and renames. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/uv/uv_host.h"

typedef struct job {
  uv_work_t request;
  sp__file_write *write;
  int failed; /* errno */
} job;

static bool write_all(int file, const char *data, size_t size)
{
  while (size > 0) {
    ssize_t written = write(file, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    data += written;
    size -= (size_t)written;
  }
  return true;
}

/* mkstemp makes files that only their owner may read; a saved file is as open as umask lets it be.
 */
static mode_t usual_mode(void)
{
  mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

static bool is_folder(const char *path)
{
  struct stat found;
  return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

static int write_and_rename(const sp__file_write *write, char *temporary, mode_t mode)
{
  int file = mkstemp(temporary);
  if (file < 0) return errno;
  int failed = write_all(file, write->data, write->size) && fchmod(file, mode) == 0 ? 0 : errno;
  if (close(file) != 0 && !failed) failed = errno;
  if (!failed && rename(temporary, write->path) != 0) failed = errno;
  if (failed) unlink(temporary);
  return failed && is_folder(write->path) ? EISDIR : failed;
}

static void in_thread(uv_work_t *request)
{
  static const char suffix[] = ".XXXXXX";
  job *work = request->data;
  size_t length = strlen(work->write->path);
  char *temporary = malloc(length + sizeof suffix);
  if (!temporary) {
    work->failed = ENOMEM;
    return;
  }
  memcpy(temporary, work->write->path, length);
  memcpy(temporary + length, suffix, sizeof suffix);
  work->failed = write_and_rename(work->write, temporary, (mode_t)(uintptr_t)work->write->host);
  free(temporary);
}

static void back_in_loop(uv_work_t *request, int status)
{
  job *work = request->data;
  sp__file_write *write = work->write;
  int failed = status == 0 ? work->failed : EIO;
  free(work);
  if (failed) write->message = sp__message_copy(strerror(failed));
  sp__op_complete(&write->op, failed ? sp__uv_error(uv_translate_sys_error(failed)) : 0);
}

int sp__host_file_write_start(sp__host *host, sp__file_write *write)
{
  job *work = malloc(sizeof *work);
  if (!work) return SP_ENOMEM;
  *work = (job){.write = write};
  work->request.data = work;
  write->host = (void *)(uintptr_t)usual_mode();
  if (uv_queue_work(&host->uv, &work->request, in_thread, back_in_loop) == 0) return 0;
  free(work);
  return SP_ENOMEM;
}
