/* A file on its way to the disk. Everything here blocks: it is for a thread of the loop's executor. */
#ifndef SP_UV_DRAFT_H
#define SP_UV_DRAFT_H

#include <stddef.h>
#include <sys/types.h>

#include "core/executor.h"
#include "host/host.h"

struct sp__draft {
  sp__job job; /* of its end, when it is dropped */
  sp__host *host;
  int file;                          /* -1: not open */
  mode_t mode;                       /* the one it is made with */
  char *name;                        /* the one it has meanwhile; NULL: none */
  pid_t process;                     /* that gave it the name */
  struct sp__draft *previous, *next; /* of those that have one */
};

/* open(), with O_CLOEXEC, and again where a signal came in between. */
int sp__open(const char *path, int flags, mode_t mode);

/* Where an errno is told: a device, a pipe or a socket is not replaced. */
enum { SP__NOT_A_FILE = -1 };

/* Whether something at `path` is not replaced: 0 or an errno. Else a commit tells. */
int sp__draft_check(const char *path);

/* These return 0 or an errno, after which the draft can only be ended. */
int sp__draft_open(struct sp__draft *draft, const char *path);
int sp__draft_write(struct sp__draft *draft, const char *data, size_t size);
int sp__draft_commit(struct sp__draft *draft, const char *path);

/* Closes it; of one that was not committed nothing stays. */
void sp__draft_end(struct sp__draft *draft);

#endif
