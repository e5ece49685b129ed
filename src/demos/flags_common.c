/* What the flag downloaders share: the command line, one download, the report. */
#include "flags_common.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char POP20[] = "CN IN US ID BR PK NG BD RU JP MX PH VN ET EG DE IR TR CD FR";

/* --- one download --- */

static void lower(char *to, const char *code)
{
  for (int i = 0; i < 3; i++) to[i] = (char)tolower((unsigned char)code[i]);
}

static bool is_url(const char *server) { return strchr(server, ':') != NULL; }

/* A server of ours that is not there is missed once, not by each flag. */
static void complain(struct flag *flag, int error)
{
  flags_job *job = flag->job;
  bool silent = error == SP_ECONNREFUSED || error == SP_ENETWORK;
  if (!silent || is_url(job->server)) {
    fprintf(stderr, "%s: %s: %s\n", job->program, flag->code, sp_error_message());
  } else if (!job->server_silent) {
    job->server_silent = true;
    fprintf(stderr, "%s: the %s server does not answer at %s: start it with ./run demo (%s)\n",
            job->program, job->server, job->base, sp_error_message());
  }
}

static int get(struct flag *flag, const char *cc, sp_response *response)
{
  char url[FLAGS_URL_ROOM + 16];
  snprintf(url, sizeof url, "%s/%s/%s.gif", flag->job->base, cc, cc);
  int status = sp_fetch(url, NULL, response);
  if (status < 0 || status == 200) return status;
  sp_response_free(response);
  return sp_fail(SP_EUSER, "%s: HTTP status %d%s", url, status, status == 404 ? ", not found" : "");
}

static int save(const char *cc, const sp_response *response)
{
  char path[16];
  snprintf(path, sizeof path, "%s.gif", cc);
  return sp_write_file(path, response->body, response->body_size);
}

static int get_and_save(struct flag *flag)
{
  char cc[3];
  sp_response response;
  lower(cc, flag->code);
  int result = get(flag, cc, &response);
  if (result < 0) return result;
  result = save(cc, &response);
  sp_response_free(&response);
  return result;
}

int flags_download_one(struct flag *flag)
{
  int error = get_and_save(flag);
  if (error < 0) {
    if (error != SP_ECANCELED) complain(flag, error);
    return error;
  }
  flag->job->downloaded++;
  printf("%s ", flag->code);
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

static bool name_server(flags_job *job, const char *server)
{
  static const char *const names[][2] = {
      {"LOCAL", "local"}, {"DELAY", "delay"}, {"ERROR", "error"}};
  const char *host = getenv("SPINDLE_SERVER");
  if (!host || !*host) host = "http://127.0.0.1:8000";
  int length = (int)strlen(host);
  if (host[length - 1] == '/') length--;
  job->server = server;
  for (int i = 0; i < 3; i++) {
    if (strcmp(server, names[i][0]) != 0) continue;
    int written = snprintf(job->base, sizeof job->base, "%.*s/%s", length, host, names[i][1]);
    return written < FLAGS_URL_ROOM;
  }
  if (strncmp(server, "http://", 7) != 0 && strncmp(server, "https://", 8) != 0) return false;
  length = snprintf(job->base, sizeof job->base, "%s", server);
  if (length >= FLAGS_URL_ROOM) return false;
  if (job->base[length - 1] == '/') job->base[length - 1] = '\0';
  return true;
}

static bool has_code(const flags_job *job, const char *code)
{
  for (int i = 0; i < job->count; i++) {
    if (strcmp(job->flags[i].code, code) == 0) return true;
  }
  return false;
}

/* A code asked for twice is downloaded once. */
static bool add_code(flags_job *job, const char *word, size_t length)
{
  if (length != 2 || !isalpha((unsigned char)word[0]) || !isalpha((unsigned char)word[1])) {
    return false;
  }
  struct flag added = {.job = job};
  for (int i = 0; i < 2; i++) added.code[i] = (char)toupper((unsigned char)word[i]);
  if (!has_code(job, added.code)) job->flags[job->count++] = added;
  return true;
}

static void add_most_populous(flags_job *job)
{
  for (const char *code = POP20; code < POP20 + sizeof POP20; code += 3) add_code(job, code, 2);
}

static int compare_codes(const void *a, const void *b)
{
  return strcmp(((const struct flag *)a)->code, ((const struct flag *)b)->code);
}

static int parse(flags_job *job, int argc, char **argv)
{
  if (!name_server(job, "LOCAL")) return wrong(job, "SPINDLE_SERVER is too long:", "LOCAL");
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "-s") == 0) {
      if (++i == argc) return wrong(job, "no server after", "-s");
      if (!name_server(job, argv[i])) return wrong(job, "no server is called", argv[i]);
    } else if (argv[i][0] == '-') {
      return wrong(job, "no such option:", argv[i]);
    } else if (!add_code(job, argv[i], strlen(argv[i]))) {
      return wrong(job, "no country code:", argv[i]);
    }
  }
  if (job->count == 0) add_most_populous(job);
  qsort(job->flags, (size_t)job->count, sizeof *job->flags, compare_codes);
  return 0;
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
  printf("\n%d flags downloaded in %.2fs\n", job->downloaded, elapsed);
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
  return job.downloaded == job.count ? 0 : 1;
}
