/* What the flag downloaders share: the command line, one download, the report. */
#include "flags_common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "downloader/paths.h"

/* --- one download --- */

/* A server of ours that is not there is missed once, not by each flag. */
static void complain(flags_job *job, const char *code, int error)
{
  bool silent = error == SP_ECONNREFUSED || error == SP_ENETWORK;
  if (!silent || site_is_url(&job->site)) {
    fprintf(stderr, "%s: %s: %s\n", job->program, code, sp_error_message());
  } else if (!job->server_silent) {
    job->server_silent = true;
    site_explain_silence(&job->site, job->program, sp_error_message());
  }
}

static int get(const flags_job *job, const char *path, sp_response *response)
{
  char *url;
  if (asprintf(&url, "%s/%s", job->site.base, path) < 0) return SP_ENOMEM;
  int result = sp_fetch(url, NULL, response);
  if (result >= 0 && result != 200) {
    sp_response_free(response);
    const char *meaning = result == 404 ? ", not found" : "";
    result = sp_fail(SP_EUSER, "%s: HTTP status %d%s", url, result, meaning);
  }
  free(url);
  return result;
}

static int get_and_save(const flags_job *job, const char *code)
{
  sp_response response;
  char *path = path_of_flag(code);
  int result = path ? get(job, path, &response) : SP_ENOMEM;
  if (result >= 0) {
    result = sp_write_file(last_part(path), response.body, response.body_size);
    sp_response_free(&response);
  }
  free(path);
  return result;
}

int flags_download_one(flags_job *job, const char *code)
{
  int error = get_and_save(job, code);
  if (error < 0) {
    if (error != SP_ECANCELED) complain(job, code, error);
    return error;
  }
  printf("%s ", code);
  fflush(stdout);
  return 0;
}

/* --- the command line --- */

static int usage(const flags_job *job)
{
  fprintf(stderr,
          "usage: %s [-s LOCAL|DELAY|ERROR|URL] [CC ...]\n"
          "  -s  the server; a URL is what stands before /br/br.gif (default: LOCAL)\n"
          "  CC  two-letter country codes (default: the 20 most populous countries)\n",
          job->program);
  return 2;
}

static int wrong(const flags_job *job, const char *what, const char *word)
{
  fprintf(stderr, "%s: %s '%s'\n", job->program, what, word);
  return usage(job);
}

static int settle(flags_job *job)
{
  if (job->targets.count == 0 && targets_add_most_populous(&job->targets) < 0) return 1;
  targets_settle(&job->targets, FLAGS_MAX);
  return 0;
}

static int parse(flags_job *job, int argc, char **argv)
{
  if (!site_find(&job->site, "LOCAL"))
    return wrong(job, "SPINDLE_SERVER is no URL of a server:", getenv("SPINDLE_SERVER"));
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "-s") == 0) {
      if (++i == argc) return wrong(job, "no server after", "-s");
      if (!site_find(&job->site, argv[i])) return wrong(job, "no server is called", argv[i]);
    } else if (argv[i][0] == '-') {
      return wrong(job, "no such option:", argv[i]);
    } else {
      int error = targets_add_code(&job->targets, argv[i]);
      if (error == SP_EINVAL) return wrong(job, "no country code:", argv[i]);
      if (error < 0) return 1;
    }
  }
  return settle(job);
}

/* --- the program --- */

typedef struct run {
  flags_job *job;
  sp_coroutine *download_all;
} run;

static int timed(void *arg)
{
  run *program = arg;
  flags_job *job = program->job;
  double began = sp_loop_time(sp_loop_running());
  int result = program->download_all(job);
  double elapsed = sp_loop_time(sp_loop_running()) - began;
  printf("\n%zu flags downloaded in %.2fs\n", job->downloaded, elapsed);
  return result;
}

int flags_main(int argc, char **argv, const char *program, sp_coroutine *download_all)
{
  static flags_job job;
  job.program = program;
  int bad = parse(&job, argc, argv);
  if (bad) return bad;
  int result = sp_run(timed, (&(run){.job = &job, .download_all = download_all}));
  if (result == SP_EINTERRUPTED) return 130;
  if (result < 0 && result != SP_EUSER) {
    fprintf(stderr, "%s: %s\n", program, sp_error_message());
    return 1;
  }
  return job.downloaded == job.targets.count ? 0 : 1;
}
