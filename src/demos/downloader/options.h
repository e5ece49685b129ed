/* The command line of flags2 and flags3. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

#include "site.h"
#include "targets.h"

struct options {
  const char *program;
  bool takes_lists; /* -i */
  struct site site;
  struct targets targets; /* filled by options_find_targets */
  const char *list;       /* a file that lists paths, or NULL */
  const char *output;     /* the directory for the files, NULL: the current one */
  size_t limit;           /* how many names at most */
  int concurrent;         /* how many requests at once, at most */
  int retries;
  double timeout; /* seconds a request, 0: none */
  bool verbose;
  bool json;   /* a report for programs */
  bool events; /* what happens, for programs */
};

/* With `program` and `takes_lists` set, the rest zeroed. Returns the exit code when there is
 * nothing else to do, which it said on stdout or stderr; or -1. What it points to is argv's and the
 * environment's; freed with options_free. */
int options_read(struct options *self, int argc, char **argv);

/* Reads the list, if there is one, and settles the targets. 0 or an error. Suspends. */
int options_find_targets(struct options *self);

void options_free(struct options *self);

#endif
