/* Files: one job of libuv's pool opens, writes, closes and renames. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
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

static bool is_folder(const char *path)
{
  struct stat found;
  return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

/* A file that is replaced hands its permissions on. */
static bool keep_mode(int file, const char *path)
{
  struct stat old;
  return stat(path, &old) != 0 || fchmod(file, old.st_mode & 07777) == 0;
}

static int write_and_rename(const sp__file_write *write, const char *temporary)
{
  int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) return errno;
  bool written = write_all(file, write->data, write->size) && keep_mode(file, write->path);
  int failed = written ? 0 : errno;
  if (close(file) != 0 && !failed) failed = errno;
  if (!failed && rename(temporary, write->path) != 0) failed = errno;
  if (failed) unlink(temporary);
  return failed;
}

/* A system that is asked to replace a folder by a file gives one of several errors. */
static void in_thread(uv_work_t *request)
{
  static atomic_uint drafts;
  job *work = request->data;
  const char *path = work->write->path;
  size_t room = strlen(path) + 40;
  char *temporary = malloc(room);
  if (!temporary) {
    work->failed = ENOMEM;
    return;
  }
  snprintf(temporary, room, "%s.%ld-%u", path, (long)getpid(), atomic_fetch_add(&drafts, 1));
  work->failed = write_and_rename(work->write, temporary);
  if (work->failed && is_folder(path)) work->failed = EISDIR;
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
  if (uv_queue_work(&host->uv, &work->request, in_thread, back_in_loop) == 0) return 0;
  free(work);
  return SP_ENOMEM;
}
