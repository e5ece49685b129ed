#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

enum { CONCURRENT_DEFAULT = 5, CONCURRENT_MAX = 1000, RETRIES_MAX = 100, CONTINUE = -1 };
enum { LONG_RETRIES = 256, LONG_TIMEOUT, LONG_JSON, LONG_EVENTS, LONG_OUTPUT, LONG_HELP };

static const char usage[] =
    "usage: %s [-a | -e | %sCC ...] [-l N] [-m N] [-s SERVER] [-v] [--retries N] [--timeout S] "
    "[--output DIR] [--json] [--events] [-h]\n";

static const char help[] =
    "\n"
    "Downloads flags and saves them as files.\n"
    "\n"
    "  CC ...        two-letter codes, or one letter for all 26 that begin with it\n"
    "                (default: the 20 most populous countries)\n"
    "  -a            the flags of all countries\n"
    "  -e            every code from AA to ZZ; there is nothing behind most of them\n"
    "%s"
    "  -l N          only the first N, in alphabetical order\n"
    "  -m N          at most N requests at once, 1 to 1000 (default: 5); each\n"
    "                takes up to two of the open files that ulimit -n allows\n"
    "  -s SERVER     LOCAL, DELAY, ERROR, or a URL: what stands before /br/br.gif\n"
    "                (default: LOCAL)\n"
    "  -v            a line for each download in place of the progress bar\n"
    "  --retries N   tries a request N times more where that may help, 0 to 100 (default: 0)\n"
    "  --timeout S   gives a request up after S seconds (default: never)\n"
    "  --output DIR  saves into that folder (default: the current one)\n"
    "  --json        the report on stdout as one JSON object, all else on stderr\n"
    "  --events      what happens on stdout, a JSON object a line, all else on stderr\n"
    "  -h, --help    this text\n";

static const char list_help[] =
    "  -i FILE       instead of flags the files that FILE lists: paths, one a line\n";

static const struct option long_options[] = {
    {"retries", required_argument, NULL, LONG_RETRIES},
    {"timeout", required_argument, NULL, LONG_TIMEOUT},
    {"output", required_argument, NULL, LONG_OUTPUT},
    {"json", no_argument, NULL, LONG_JSON},
    {"events", no_argument, NULL, LONG_EVENTS},
    {"help", no_argument, NULL, LONG_HELP},
    {NULL, 0, NULL, 0},
};

static void write_usage(const struct options *self, FILE *to)
{
  fprintf(to, usage, self->program, self->takes_lists ? "-i FILE | " : "");
}

static int wrong(const struct options *self, const char *what, const char *word)
{
  fprintf(stderr, "%s: %s: '%s'\n", self->program, what, word);
  write_usage(self, stderr);
  return 2;
}

static int out_of_memory(const struct options *self)
{
  fprintf(stderr, "%s: %s\n", self->program, sp_strerror(SP_ENOMEM));
  return 1;
}

static bool read_number(const char *word, long least, long most, long *number)
{
  char *end;
  errno = 0;
  *number = strtol(word, &end, 10);
  return errno == 0 && end > word && *end == '\0' && *number >= least && *number <= most;
}

static int read_count(const struct options *self, const char *what, long least, long most,
                      int *count)
{
  long number;
  if (!read_number(optarg, least, most, &number)) return wrong(self, what, optarg);
  *count = (int)number;
  return CONTINUE;
}

static int read_limit(struct options *self)
{
  long number;
  if (!read_number(optarg, 1, INT32_MAX, &number)) {
    return wrong(self, "-l takes a number from 1 on, not", optarg);
  }
  self->limit = (size_t)number;
  return CONTINUE;
}

static int read_timeout(struct options *self)
{
  char *end;
  double seconds = strtod(optarg, &end);
  if (end == optarg || *end || !isfinite(seconds) || seconds <= 0) {
    return wrong(self, "--timeout takes seconds, more than 0, not", optarg);
  }
  self->timeout = seconds;
  return CONTINUE;
}

static int read_server(struct options *self)
{
  if (site_find(&self->site, optarg)) return CONTINUE;
  return wrong(self, "-s takes LOCAL, DELAY, ERROR or the URL of a server, not", optarg);
}

/* An empty one would be the root directory. */
static int read_output(struct options *self)
{
  if (!*optarg) return wrong(self, "--output takes a folder, not", optarg);
  self->output = optarg;
  return CONTINUE;
}

static int check_memory(const struct options *self, int result)
{
  return result == 0 ? CONTINUE : out_of_memory(self);
}

static int show_help(const struct options *self)
{
  write_usage(self, stdout);
  printf(help, self->takes_lists ? list_help : "");
  return 0;
}

/* What getopt could not make sense of: `word`, or one of the letters in it. */
static int misunderstood(const struct options *self, int found, const char *word)
{
  char letter[] = {'-', (char)optopt, '\0'};
  if (found == ':') return wrong(self, "nothing follows the option", word);
  bool is_letter = word[1] != '-' && optopt > ' ' && optopt < 0x7f;
  return wrong(self, "no such option", is_letter ? letter : word);
}

static int read_option(struct options *self, int found, const char *word)
{
  switch (found) {
    case 'a':
      return check_memory(self, targets_add_all(&self->targets));
    case 'e':
      return check_memory(self, targets_add_every(&self->targets));
    case 'i':
      self->list = optarg;
      return CONTINUE;
    case 'l':
      return read_limit(self);
    case 'm':
      return read_count(self, "-m takes a number from 1 to 1000, not", 1, CONCURRENT_MAX,
                        &self->concurrent);
    case 's':
      return read_server(self);
    case 'v':
      self->verbose = true;
      return CONTINUE;
    case LONG_RETRIES:
      return read_count(self, "--retries takes a number from 0 to 100, not", 0, RETRIES_MAX,
                        &self->retries);
    case LONG_TIMEOUT:
      return read_timeout(self);
    case LONG_OUTPUT:
      return read_output(self);
    case LONG_JSON:
      self->json = true;
      return CONTINUE;
    case LONG_EVENTS:
      self->events = true;
      return CONTINUE;
    case 'h':
    case LONG_HELP:
      return show_help(self);
    default:
      return misunderstood(self, found, word);
  }
}

static int read_word(struct options *self, const char *word)
{
  bool one = strlen(word) == 1;
  int result =
      one ? targets_add_letter(&self->targets, word) : targets_add_code(&self->targets, word);
  if (result == SP_EINVAL) return wrong(self, "not a code of two letters, nor one letter", word);
  return check_memory(self, result);
}

static int check(struct options *self)
{
  if (!self->site.name && !site_find(&self->site, "LOCAL")) {
    return wrong(self, "SPINDLE_SERVER is no URL of a server", getenv("SPINDLE_SERVER"));
  }
  if (self->list && !self->takes_lists) {
    return wrong(self, "it downloads flags only, no list like", self->list);
  }
  if (self->list && self->targets.count > 0) {
    return wrong(self, "-i stands alone, without -a, -e and codes", self->list);
  }
  return CONTINUE;
}

static int read_options(struct options *self, int argc, char **argv)
{
  int done = CONTINUE;
  opterr = 0;
  while (done == CONTINUE) {
    const char *word = optind < argc ? argv[optind] : "";
    int found = getopt_long(argc, argv, ":aei:l:m:s:vh", long_options, NULL);
    if (found < 0) return CONTINUE;
    done = read_option(self, found, word);
  }
  return done;
}

int options_read(struct options *self, int argc, char **argv)
{
  self->concurrent = CONCURRENT_DEFAULT;
  self->limit = SIZE_MAX;
  int done = read_options(self, argc, argv);
  for (int i = optind; i < argc && done == CONTINUE; i++) done = read_word(self, argv[i]);
  return done == CONTINUE ? check(self) : done;
}

static int read_list(struct options *self)
{
  void *text;
  size_t size;
  int result = sp_read_file(self->list, &text, &size);
  if (result < 0) return result;
  result = targets_add_lines(&self->targets, text, size);
  free(text);
  if (result < 0) return result;
  if (self->targets.count == 0) return sp_fail(SP_EINVAL, "%s: there is no path in it", self->list);
  return 0;
}

int options_find_targets(struct options *self)
{
  int result = 0;
  if (self->list) {
    result = read_list(self);
  } else if (self->targets.count == 0) {
    result = targets_add_most_populous(&self->targets);
  }
  targets_settle(&self->targets, self->limit);
  if (result == 0 && self->list) result = targets_check_last_parts(&self->targets);
  return result;
}

void options_free(struct options *self) { targets_free(&self->targets); }
