/* A file that is being written. Everything here blocks: it is for a thread of the loop's
 * executor. */
#ifndef SP_UV_DRAFT_H
#define SP_UV_DRAFT_H

#include <stddef.h>
#include <sys/types.h>

#include "core/executor.h"
#include "host/host.h"

struct sp__draft {
  sp__job job; /* for its end, when it is dropped */
  sp__host *host;
  int file;                          /* -1: not open */
  mode_t mode;                       /* with which it is created */
  char *name;                        /* its temporary one; NULL: none */
  pid_t process;                     /* that gave it the name */
  struct sp__draft *previous, *next; /* of the drafts that have a name */
};

/* open(), with O_CLOEXEC, and again after EINTR. */
int sp__open(const char *path, int flags, mode_t mode);

/* In place of an errno: a device, a pipe or a socket is not replaced. */
enum { SP__NOT_A_FILE = -1 };

/* Returns 0, or an errno if what is at `path` is not to be replaced. Without it a commit tells. */
int sp__draft_check(const char *path);

/* These return 0 or an errno, after which the draft can only be ended. */
int sp__draft_open(struct sp__draft *draft, const char *path);
int sp__draft_write(struct sp__draft *draft, const char *data, size_t size);
int sp__draft_commit(struct sp__draft *draft, const char *path);

/* Closes it; nothing stays of one that was not committed. */
void sp__draft_end(struct sp__draft *draft);

#endif
