/* A file on its way to the disk. Everything here blocks: it is for a thread of libuv's pool. */
#ifndef SP_UV_DRAFT_H
#define SP_UV_DRAFT_H

#include <stddef.h>
#include <sys/types.h>
#include <uv.h>

struct sp__draft {
  uv_work_t request;                 /* of its end, when it is dropped */
  int file;                          /* -1: not open */
  mode_t mode;                       /* the one it is made with */
  char *name;                        /* the one it has meanwhile; NULL: none */
  pid_t process;                     /* that gave it the name */
  struct sp__draft *previous, *next; /* of those that have one */
};

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
