/* What flags2 and flags3 share: a task for each download, a semaphore that lets only so many at the
 * server at once, and a report of what became of them. They differ in what one download does.
 *
 * Two workers take long lists batch by batch, so that not all of their tasks have to be there. */
#ifndef DOWNLOADER_H
#define DOWNLOADER_H

#include <stdbool.h>

#include "options.h"
#include "progress.h"
#include "report.h"
#include "spindle.h"

typedef struct downloader downloader;

typedef struct download {
  downloader *downloader;
  const char *name; /* a country's code, or a path */
  size_t bytes;     /* received for the file */
  char *file;       /* what it is saved as, once that is known; to be freed */
  bool is_counted;  /* in the report */
} download;

/* What is done in a download's task: 0 when its file is saved, or an error with its message. */
typedef int download_function(download *self);

struct downloader {
  struct options options;
  download_function *download_one;
  sp_semaphore turns; /* to ask the server for something */
  download *downloads;
  sp_task **tasks; /* of the downloads under way; NULL before and after */
  size_t count;    /* of both */
  size_t next;     /* the first download that no worker has taken */
  report report;
  bool is_reported;
  progress progress;
  bool is_silent; /* the server did not answer, which was said */
};

/* Another download that is saved as the same file, or NULL. */
const download *downloader_find_file(const download *self);

/* The whole program. `takes_lists`: whether it is for any file, too. Returns the exit code. */
int downloader_main(const char *program, bool takes_lists, int argc, char **argv,
                    download_function *download_one);

#endif
