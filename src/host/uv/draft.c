/* A file gets its name when it is whole, not before.
 *
 * Where the file system supports it (O_TMPFILE) it has no name at all until then, so that nothing
 * is left of it wherever the program is killed; at the end it is linked to its name, or, where that
 * is taken, to one beside it that is renamed. Elsewhere it is written under such a name, which is
 * removed when the process exits. */
#include "host/uv/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/list.h"

enum { NAMES_MAX = 1000, AT_ONCE_MAX = 1 << 30 };

int sp__open(const char *path, int flags, mode_t mode)
{
  for (;;) {
    int file = open(path, flags | O_CLOEXEC, mode);
    if (file >= 0 || errno != EINTR) return file;
  }
}

/* --- permissions --- */

enum { MODE_OF_NEW = 0666, MODE_MEANWHILE = 0600 };

/* Finds the file at `path`, or where a link there leads, if it is one: its permissions are kept. */
static bool find_old(const char *path, struct stat *old)
{
  return stat(path, old) == 0 && S_ISREG(old->st_mode);
}

static mode_t mode_at_first(const char *path)
{
  struct stat old;
  return find_old(path, &old) ? MODE_MEANWHILE : MODE_OF_NEW;
}

/* Those of the group are kept for the same group only, and set-user-ID never: nobody runs the file
 * as its new owner. */
static int keep_mode(int file, const char *path)
{
  struct stat old;
  if (!find_old(path, &old)) return 0;
  bool same_group = fchown(file, (uid_t)-1, old.st_gid) == 0;
  return fchmod(file, old.st_mode & (same_group ? 0777 : 0707)) == 0 ? 0 : errno;
}

/* --- names --- */

static struct {
  pthread_mutex_t mutex;
  struct sp__draft *first, *last;
} named = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void lock_named(void) { pthread_mutex_lock(&named.mutex); }

static void unlock_named(void) { pthread_mutex_unlock(&named.mutex); }

/* A forked process has its parent's drafts in the list, too. */
static void remove_named(void)
{
  pid_t process = getpid();
  lock_named();
  for (const struct sp__draft *draft = named.first; draft; draft = draft->next) {
    if (draft->process == process) unlink(draft->name);
  }
  unlock_named();
}

/* Where this fails, a draft may be left behind: that is no reason to write none. A fork waits until
 * the list is consistent and the mutex free. */
static void watch_process(void)
{
  (void)atexit(remove_named);
  (void)pthread_atfork(lock_named, unlock_named, unlock_named);
}

static void set_name(struct sp__draft *draft, char *name)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, watch_process);
  lock_named();
  draft->process = getpid();
  draft->name = name;
  SP__LIST_APPEND(&named, draft);
  unlock_named();
}

static void unset_name(struct sp__draft *draft)
{
  lock_named();
  SP__LIST_REMOVE(&named, draft);
  unlock_named();
  free(draft->name);
  draft->name = NULL;
}

/* Some systems name such a file in one step only for privileged processes, and through /proc for
 * all. */
static int link_to(struct sp__draft *draft, const char *name)
{
  char self[40];
  if (linkat(draft->file, "", AT_FDCWD, name, AT_EMPTY_PATH) == 0) return 0;
  if (errno == EEXIST) return EEXIST;
  snprintf(self, sizeof self, "/proc/self/fd/%d", draft->file);
  return linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

static int create(struct sp__draft *draft, const char *name)
{
  int file = sp__open(name, O_WRONLY | O_CREAT | O_EXCL, draft->mode);
  if (file < 0) return errno;
  draft->file = file;
  return 0;
}

/* The size of `path`'s directory, with the slash. */
static size_t folder_size(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Gives it a name beside `path`, a short one: that of `path` may be as long as can be. A name that
 * is taken, by a program that was killed or on another machine, is skipped. */
static int take_name(struct sp__draft *draft, const char *path,
                     int (*take)(struct sp__draft *draft, const char *name))
{
  static atomic_uint names;
  enum { ADDED_MAX = 50 };
  size_t size = folder_size(path);
  char *name = malloc(size + ADDED_MAX);
  if (!name) return ENOMEM;
  memcpy(name, path, size);
  int failed = EEXIST;
  for (int tries = 0; failed == EEXIST && tries < NAMES_MAX; tries++) {
    snprintf(name + size, ADDED_MAX, ".spindle-%ld-%u", (long)getpid(),
             atomic_fetch_add(&names, 1));
    failed = take(draft, name);
  }
  if (failed) {
    free(name);
  } else {
    set_name(draft, name);
  }
  return failed;
}

/* --- opening and writing --- */

/* A device, a pipe or a socket is in a directory for other reasons than its content: it is kept. */
int sp__draft_check(const char *path)
{
  struct stat found;
  if (lstat(path, &found) != 0 || S_ISREG(found.st_mode) || S_ISLNK(found.st_mode)) return 0;
  return S_ISDIR(found.st_mode) ? EISDIR : SP__NOT_A_FILE;
}

/* In the directory of `path`; readable, because it may have to be copied. */
static int open_unnamed(const char *path)
{
  size_t size = folder_size(path);
  char *folder = malloc(size + sizeof ".");
  if (!folder) return -1;
  memcpy(folder, path, size);
  memcpy(folder + size, ".", sizeof ".");
  int file = sp__open(folder, O_TMPFILE | O_RDWR, MODE_OF_NEW);
  free(folder);
  return file;
}

/* A process that opened it before it has the permissions of what it replaces could read what is
 * written later. */
static int open_named(struct sp__draft *draft, const char *path)
{
  int failed = sp__draft_check(path);
  if (failed) return failed;
  draft->mode = mode_at_first(path);
  failed = take_name(draft, path, create);
  return failed ? failed : keep_mode(draft->file, path);
}

/* Nobody else can open a file without a name: its permissions are set before it gets one. */
int sp__draft_open(struct sp__draft *draft, const char *path)
{
  draft->file = open_unnamed(path);
  return draft->file < 0 ? open_named(draft, path) : 0;
}

int sp__draft_write(struct sp__draft *draft, const char *data, size_t size)
{
  while (size > 0) {
    ssize_t written = write(draft->file, data, size < AT_ONCE_MAX ? size : AT_ONCE_MAX);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    if (written == 0) return EIO; /* or the write would be retried for ever */
    data += written;
    size -= (size_t)written;
  }
  return 0;
}

/* --- the end --- */

/* Some file systems report only at close() that a file could not be written. A file without a name
 * must be open to be given one: a copy is closed, unless as many descriptors are open as can be. */
static int flush(int file)
{
  int copy = fcntl(file, F_DUPFD_CLOEXEC, 0);
  return copy < 0 || close(copy) == 0 ? 0 : errno;
}

static int close_file(struct sp__draft *draft)
{
  int file = draft->file;
  draft->file = -1;
  return close(file) == 0 ? 0 : errno;
}

_Static_assert(sizeof(off_t) >= 8, "a file may have more than 2 GiB");

static int copy_bytes(int from, int to)
{
  off_t at = 0;
  for (;;) {
    ssize_t copied = sendfile(to, from, &at, AT_ONCE_MAX);
    if (copied == 0) return 0;
    if (copied < 0 && errno != EINTR) return errno;
  }
}

/* For a system that cannot link a file without a name: where /proc is missing, say. */
static int copy_under_name(struct sp__draft *draft, const char *path)
{
  int unnamed = draft->file;
  int failed = take_name(draft, path, create);
  if (failed) return failed;
  failed = copy_bytes(unnamed, draft->file);
  close(unnamed);
  return failed;
}

/* Sets the permissions again: a copy has none of them yet, or somebody may have changed them. */
static int replace(struct sp__draft *draft, const char *path)
{
  int failed = keep_mode(draft->file, path);
  if (!failed) failed = close_file(draft);
  if (!failed && rename(draft->name, path) != 0) failed = errno;
  if (!failed) unset_name(draft);
  return failed;
}

/* Replaces the file at `path`, whose permissions the new one has before anybody can open it. */
static int replace_by_unnamed(struct sp__draft *draft, const char *path)
{
  int failed = sp__draft_check(path);
  if (!failed) failed = keep_mode(draft->file, path);
  if (failed) return failed;
  draft->mode = mode_at_first(path);
  if (take_name(draft, path, link_to) != 0) failed = copy_under_name(draft, path);
  return failed ? failed : replace(draft, path);
}

int sp__draft_commit(struct sp__draft *draft, const char *path)
{
  if (draft->name) return replace(draft, path);
  int failed = flush(draft->file);
  if (failed) return failed;
  return link_to(draft, path) == 0 ? 0 : replace_by_unnamed(draft, path);
}

void sp__draft_end(struct sp__draft *draft)
{
  if (draft->file >= 0) close(draft->file);
  if (!draft->name) return;
  unlink(draft->name);
  unset_name(draft);
}
