/* Files: each reading is one job of libuv's pool, and so is each writing that is large. Little files
 * that tasks write in one turn go together: to wake a thread costs as much as to write one. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/uv/draft.h"
#include "host/uv/uv_host.h"

static int code_of(int failed)
{
  if (failed == SP__NOT_A_FILE) return SP_EINVAL;
  return failed ? sp__uv_error(uv_translate_sys_error(failed)) : 0;
}

static char *words_of(int failed)
{
  if (failed == SP__NOT_A_FILE) return sp__message_copy("not a regular file");
  return failed ? sp__message_copy(strerror(failed)) : NULL;
}

/* --- writing --- */

enum { TOGETHER_MOST = 16, TOGETHER_BYTES = 65536 };

struct sp__writing {
  uv_work_t request; /* of the first of a job's */
  sp__file_write *write;
  int failed; /* errno or SP__NOT_A_FILE */
  sp__writing *previous, *next;
};

/* What takes several jobs would be told too late that it cannot be. */
static int open_draft(const sp__file_write *write)
{
  int failed = write->last ? 0 : sp__draft_check(write->path);
  return failed ? failed : sp__draft_open(write->draft, write->path);
}

static int write_pieces(sp__file_write *write)
{
  sp__draft *draft = write->draft;
  int failed = draft->file < 0 ? open_draft(write) : 0;
  for (int i = 0; !failed && i < 2; i++) {
    failed = sp__draft_write(draft, write->pieces[i].data, write->pieces[i].size);
  }
  return !failed && write->last ? sp__draft_commit(draft, write->path) : failed;
}

static bool is_over(const sp__writing *self) { return self->failed || self->write->last; }

static void write_in_thread(uv_work_t *request)
{
  for (sp__writing *self = request->data; self; self = self->next) {
    self->failed = write_pieces(self->write);
    if (is_over(self)) sp__draft_end(self->write->draft);
  }
}

static void complete(sp__writing *self)
{
  sp__file_write *write = self->write;
  int failed = self->failed;
  if (is_over(self)) {
    free(write->draft);
    write->draft = NULL;
  }
  free(self);
  write->message = words_of(failed);
  sp__op_complete(&write->op, code_of(failed));
}

static void written(uv_work_t *request, int status)
{
  (void)status; /* nobody takes it back */
  for (sp__writing *self = request->data, *next; self; self = next) {
    next = self->next;
    complete(self);
  }
}

static size_t size_of(const sp__writing *self)
{
  return self->write->pieces[0].size + self->write->pieces[1].size;
}

/* Those that `first` begins and that go with it are made a list of their own; the first of the
 * others, or NULL. */
static sp__writing *cut_job(sp__writing *first)
{
  sp__writing *last = first;
  size_t bytes = size_of(first);
  for (int count = 1; last->next && count < TOGETHER_MOST; count++) {
    bytes += size_of(last->next);
    if (bytes > TOGETHER_BYTES) break;
    last = last->next;
  }
  sp__writing *others = last->next;
  last->next = NULL;
  return others;
}

void sp__files_carry_out(sp__host *host)
{
  sp__writing *first = host->writings.first;
  host->writings.first = host->writings.last = NULL;
  for (sp__writing *others; first; first = others) {
    others = cut_job(first);
    first->request.data = first;
    uv_work_t *request = &first->request;
    if (uv_queue_work(&host->uv, request, write_in_thread, written) != 0) abort();
  }
}

static sp__draft *new_draft(void)
{
  sp__draft *draft = calloc(1, sizeof *draft);
  if (draft) draft->file = -1;
  return draft;
}

int sp__host_file_write_start(sp__host *host, sp__file_write *write)
{
  if (!write->draft) write->draft = new_draft();
  sp__writing *self = write->draft ? malloc(sizeof *self) : NULL;
  if (!self) return SP_ENOMEM;
  *self = (sp__writing){.write = write};
  SP__LIST_APPEND(&host->writings, self);
  if (!host->loop->turning) sp__files_carry_out(host);
  return 0;
}

/* Freeing what a large file has on the disk takes its time. */
static void end_in_thread(uv_work_t *request) { sp__draft_end(request->data); }

static void ended(uv_work_t *request, int status)
{
  (void)status;
  free(request->data);
}

void sp__host_draft_drop(sp__host *host, sp__draft *draft)
{
  draft->request.data = draft;
  if (host && uv_queue_work(&host->uv, &draft->request, end_in_thread, ended) == 0) return;
  sp__draft_end(draft);
  free(draft);
}

/* --- reading --- */

/* It has a path of its own: a thread may be at it when nobody wants it any more. */
typedef struct reading {
  uv_work_t request;
  sp__file_read *read; /* NULL: nobody wants it */
  char *data;
  size_t size;
  int failed; /* errno */
  char path[];
} reading;

/* How large it says it is, and two: to see its end, and for the NUL. Some do not say it. */
static size_t first_room(int file)
{
  struct stat found;
  bool known = fstat(file, &found) == 0 && found.st_size > 0;
  return known && (uintmax_t)found.st_size < SIZE_MAX / 2 ? (size_t)found.st_size + 2 : 4096;
}

static bool resize(reading *job, size_t room)
{
  char *data = realloc(job->data, room);
  if (data) job->data = data;
  return data != NULL;
}

static int read_all(reading *job, int file)
{
  size_t room = first_room(file);
  if (!resize(job, room)) return ENOMEM;
  for (;;) {
    ssize_t got = read(file, job->data + job->size, room - 1 - job->size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) break;
    job->size += (size_t)got;
    if (job->size < room - 1) continue;
    room *= 2;
    if (!resize(job, room)) return ENOMEM;
  }
  job->data[job->size] = '\0';
  resize(job, job->size + 1);
  return 0;
}

static void read_in_thread(uv_work_t *request)
{
  reading *job = request->data;
  int file = open(job->path, O_RDONLY | O_CLOEXEC);
  job->failed = file < 0 ? errno : read_all(job, file);
  if (file >= 0) close(file);
}

static void hand_over(reading *job)
{
  sp__file_read *read = job->read;
  read->message = words_of(job->failed);
  if (!job->failed) {
    read->data = job->data;
    read->size = job->size;
    job->data = NULL;
  }
  sp__op_complete(&read->op, code_of(job->failed));
}

static void read_done(uv_work_t *request, int status)
{
  (void)status; /* taken back it is nobody's any more */
  reading *job = request->data;
  if (job->read) hand_over(job);
  free(job->data);
  free(job);
}

int sp__host_file_read_start(sp__host *host, sp__file_read *read)
{
  size_t size = strlen(read->path) + 1;
  reading *job = calloc(1, sizeof *job + size);
  if (!job) return SP_ENOMEM;
  job->read = read;
  job->request.data = job;
  memcpy(job->path, read->path, size);
  read->host = job;
  if (uv_queue_work(&host->uv, &job->request, read_in_thread, read_done) == 0) return 0;
  free(job);
  return SP_ENOMEM;
}

void sp__host_file_read_abort(sp__host *host, sp__file_read *read)
{
  (void)host;
  reading *job = read->host;
  job->read = NULL;
  uv_cancel((uv_req_t *)&job->request);
}
