/* A progress bar for a terminal, in the manner of tqdm:
 *   45%|#####      | 9/20 [00:01<00:02,  5.12flag/s]
 * It is on stderr, so that stdout can be piped. Where stderr is no terminal, or a dumb one, there
 * is one line, at the end. NO_COLOR in the environment keeps it plain. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "spindle.h"

typedef struct progress {
  const char *unit; /* "flag" */
  size_t total;
  size_t done;
  double began; /* on the loop's clock */
  sp_task *drawer;
  bool is_terminal;
  bool is_shown; /* a line that is not finished stands there */
  bool is_unicode;
  bool is_coloured;
} progress;

/* Shows the bar of nothing done, and from now on what is in self->done, ten times a second. 0 or an
 * error. */
int progress_open(progress *self, const char *unit, size_t total);

/* Clears the line for something else to be printed. The bar comes back by itself. */
void progress_hide(progress *self);

/* Shows it for the last time. After progress_open only. Suspends. */
void progress_close(progress *self);

#endif
