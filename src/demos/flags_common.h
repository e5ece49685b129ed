/* What the flag downloaders share: the command line, one download, the report. */
#ifndef FLAGS_COMMON_H
#define FLAGS_COMMON_H

#include <stdbool.h>

#include "downloader/site.h"
#include "downloader/targets.h"
#include "spindle.h"

enum { FLAGS_MAX = 676 };

typedef struct flags_job {
  const char *program;
  struct site site;
  struct targets targets; /* codes, sorted */
  size_t downloaded;
  bool server_silent; /* it was said that the server does not answer */
} flags_job;

/* Downloads the flag of a country, shows its code and saves it as "br.gif" in the current directory.
 * Returns 0 on success.
 * Errors: those of sp_fetch and sp_write_file; SP_EUSER for another HTTP status than 200. They are on
 * stderr already, but for SP_ECANCELED.
 * Suspends. */
int flags_download_one(flags_job *job, const char *code);

/* A program: reads the command line, runs `download_all(job)` as the main task and reports. Returns
 * the exit code: 0, 1 when a flag is missing, 2 for bad arguments, 130 after Ctrl-C. */
int flags_main(int argc, char **argv, const char *program, sp_coroutine *download_all);

#endif
