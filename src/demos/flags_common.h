/* What the flag downloaders share: the command line, one download, the report. */
#ifndef FLAGS_COMMON_H
#define FLAGS_COMMON_H

#include <stdbool.h>

#include "downloader/site.h"
#include "downloader/targets.h"
#include "spindle.h"

enum { FLAGS_MAX = 676 };

typedef struct flags_job flags_job;

struct flag {
  flags_job *job;
  const char *code; /* "BR" */
};

struct flags_job {
  const char *program;
  struct site site;
  struct targets targets;
  struct flag flags[FLAGS_MAX]; /* sorted by code */
  int count;
  int downloaded;
  bool server_silent; /* it was said that the server does not answer */
};

/* Downloads one flag, shows its code and saves it as "br.gif" in the current directory. 0 or an error,
 * which is on stderr already unless it is SP_ECANCELED. Suspends. */
int flags_download_one(struct flag *flag);

/* A program: reads the command line, runs `download_all(job)` as the main task and reports. Returns
 * the exit code: 0, 1 when a flag is missing, 2 for bad arguments, 130 after Ctrl-C. */
int flags_main(int argc, char **argv, const char *program, sp_coroutine *download_all);

#endif
