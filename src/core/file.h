/* Writing and reading a file, as shared by core and host. */
#ifndef SP_CORE_FILE_H
#define SP_CORE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/op.h"
#include "host/host.h"

struct sp__file_write {
  sp__op op;
  const char *path; /* borrowed until the op is complete, as are the pieces */
  struct {
    const void *data;
    size_t size;
  } pieces[2];
  bool last;
  sp__draft *draft;
  char *message; /* freed with it */
};

struct sp__file_read {
  sp__op op;
  const char *path; /* borrowed until the op is complete or aborted */
  void *data;       /* freed with it, as is the message */
  size_t size;
  char *message;
  void *host;
};

#endif
