/* Files: each read is one job of the loop's executor, and so is each large write. Small files that
 * tasks write in one turn share a job: to wake a thread costs as much as to write one. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/error.h"
#include "core/executor.h"
#include "core/file.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/mailbox.h"
#include "core/op.h"
#include "core/ready.h"
#include "host/host.h"
#include "host/uv/draft.h"
#include "host/uv/uv_host.h"
#include "spindle.h"

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

/* --- jobs --- */

static int start(sp__host *host, sp__job *job)
{
  sp_executor *executor = sp__loop_executor(host->loop);
  int error = executor ? sp__executor_start(executor, job, host->loop) : SP_ENOMEM;
  if (error == 0) host->jobs++;
  return error;
}

void sp__files_close(sp__host *host)
{
  while (host->jobs > 0) sp__mailbox_await(host->loop->mailbox);
}

/* --- writing --- */

enum { TOGETHER_MAX = 16, TOGETHER_BYTES = 65536 };

struct sp__writing {
  sp__job job; /* of the first of those that share it */
  sp__host *host;
  sp__file_write *write;
  int failed; /* errno or SP__NOT_A_FILE */
  sp__writing *previous, *next;
};

/* A file that takes several jobs would fail too late, at its end: so it is checked first. */
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

static void write_each(sp__job *job)
{
  for (sp__writing *self = SP__OWNER(job, sp__writing, job); self; self = self->next) {
    self->failed = write_pieces(self->write);
    if (is_over(self)) sp__draft_end(self->write->draft);
  }
}

/* A file that may not grow further is an error, not the end of the program: the signal for it,
 * which only this thread gets, is blocked until it is consumed. */
static void hold_signals(sigset_t *before, const sigset_t *held)
{
  if (pthread_sigmask(SIG_BLOCK, held, before) != 0) abort();
}

static void release_signals(const sigset_t *before, const sigset_t *held)
{
  static const struct timespec now;
  while (sigtimedwait(held, NULL, &now) > 0) continue;
  if (pthread_sigmask(SIG_SETMASK, before, NULL) != 0) abort();
}

static void write_all(sp__job *job)
{
  sigset_t before, held;
  sigemptyset(&held);
  sigaddset(&held, SIGXFSZ);
  hold_signals(&before, &held);
  write_each(job);
  release_signals(&before, &held);
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
  if (!write->message) write->message = words_of(failed);
  sp__op_complete(&write->op, code_of(failed));
}

static void complete_all(sp__writing *first)
{
  for (sp__writing *self = first, *next; self; self = next) {
    next = self->next;
    complete(self);
  }
}

static void written(sp__runnable *runnable)
{
  sp__writing *first = SP__OWNER(runnable, sp__writing, job.message.runnable);
  first->host->jobs--;
  complete_all(first);
}

/* Completes them with an error: no thread could be started for them. */
static void refuse(sp__writing *first)
{
  for (sp__writing *self = first; self; self = self->next) {
    self->failed = ENOMEM;
    self->write->message = sp__message_of(SP_ENOMEM);
    sp__draft_end(self->write->draft);
  }
  complete_all(first);
}

static size_t size_of(const sp__writing *self)
{
  return self->write->pieces[0].size + self->write->pieces[1].size;
}

/* Cuts off `first` and those that share its job as a list of their own. Returns the first of the
 * others, or NULL. */
static sp__writing *cut_job(sp__writing *first)
{
  sp__writing *last = first;
  size_t bytes = size_of(first);
  for (int count = 1; last->next && count < TOGETHER_MAX; count++) {
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
    first->job.run = write_all;
    first->job.message.runnable.run = written;
    if (start(host, &first->job) < 0) refuse(first);
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
  *self = (sp__writing){.host = host, .write = write};
  SP__LIST_APPEND(&host->writings, self);
  if (!host->loop->turning) sp__files_carry_out(host);
  return 0;
}

/* To free the disk space of a large file takes time. */
static void end_draft(sp__job *job) { sp__draft_end(SP__OWNER(job, sp__draft, job)); }

static void ended(sp__runnable *runnable)
{
  sp__draft *draft = SP__OWNER(runnable, sp__draft, job.message.runnable);
  draft->host->jobs--;
  free(draft);
}

void sp__host_draft_drop(sp__host *host, sp__draft *draft)
{
  draft->host = host;
  draft->job.run = end_draft;
  draft->job.message.runnable.run = ended;
  if (host && start(host, &draft->job) == 0) return;
  sp__draft_end(draft);
  free(draft);
}

/* --- reading --- */

/* Has a path of its own: a thread may still use it when nobody wants the result any more. */
typedef struct reading {
  sp__job job;
  sp__host *host;
  sp__file_read *read; /* NULL: nobody wants it */
  char *data;
  size_t size;
  int failed; /* errno */
  char path[];
} reading;

/* The size that the file reports, plus two: to see its end, and for the NUL. Some report none. */
static size_t first_capacity(int file)
{
  struct stat found;
  bool has_size = fstat(file, &found) == 0 && found.st_size > 0;
  return has_size && (uintmax_t)found.st_size < SIZE_MAX / 2 ? (size_t)found.st_size + 2 : 4096;
}

static bool resize(reading *job, size_t capacity)
{
  char *data = realloc(job->data, capacity);
  if (data) job->data = data;
  return data != NULL;
}

static int read_all(reading *job, int file)
{
  size_t capacity = first_capacity(file);
  if (!resize(job, capacity)) return ENOMEM;
  for (;;) {
    ssize_t got = read(file, job->data + job->size, capacity - 1 - job->size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) break;
    job->size += (size_t)got;
    if (job->size < capacity - 1) continue;
    capacity *= 2;
    if (!resize(job, capacity)) return ENOMEM;
  }
  job->data[job->size] = '\0';
  resize(job, job->size + 1);
  return 0;
}

static void read_it(sp__job *self)
{
  reading *job = SP__OWNER(self, reading, job);
  int file = sp__open(job->path, O_RDONLY, 0);
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

static void free_reading(reading *job)
{
  job->host->jobs--;
  free(job->data);
  free(job);
}

static void read_done(sp__runnable *runnable)
{
  reading *job = SP__OWNER(runnable, reading, job.message.runnable);
  if (job->read) hand_over(job);
  free_reading(job);
}

int sp__host_file_read_start(sp__host *host, sp__file_read *read)
{
  size_t size = strlen(read->path) + 1;
  reading *job = calloc(1, sizeof *job + size);
  if (!job) return SP_ENOMEM;
  job->host = host;
  job->read = read;
  job->job.run = read_it;
  job->job.message.runnable.run = read_done;
  memcpy(job->path, read->path, size);
  read->host = job;
  int error = start(host, &job->job);
  if (error == 0) return 0;
  read->message = sp__message_of(error);
  free(job);
  return error;
}

void sp__host_file_read_abort(sp__host *host, sp__file_read *read)
{
  reading *job = read->host;
  job->read = NULL;
  if (sp__executor_take_back(host->loop->threads.executor, &job->job)) free_reading(job);
}
