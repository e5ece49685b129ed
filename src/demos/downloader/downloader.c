#include "downloader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "events.h"
#include "failure.h"

/* What is large is on the heap. */
enum { STACK_SIZE = 32768, NAMES_SHOWN = 10, INTERRUPTED = 130, BATCH = 500 };

static bool is_for_programs(const struct options *options)
{
  return options->json || options->events;
}

/* Where people read: stdout is the programs' if they want it. */
static FILE *talk(const downloader *self)
{
  return is_for_programs(&self->options) ? stderr : stdout;
}

static const char *unit(const downloader *self) { return self->options.list ? "file" : "flag"; }

/* --- what is said before --- */

static void announce_names(const downloader *self)
{
  const struct targets *targets = &self->options.targets;
  if (targets->count > NAMES_SHOWN) {
    fprintf(talk(self), "from %s to %s\n", targets->names[0], targets->names[targets->count - 1]);
    return;
  }
  for (size_t i = 0; i < targets->count; i++) {
    fprintf(talk(self), "%s%s", i > 0 ? ", " : "", targets->names[i]);
  }
  fputc('\n', talk(self));
}

static void announce(const downloader *self)
{
  const struct options *options = &self->options;
  fprintf(talk(self), "%s site: %s\n", options->site.name, options->site.base);
  fprintf(talk(self), "Searching for %zu %s%s: ", self->count, unit(self),
          self->count == 1 ? "" : "s");
  announce_names(self);
  fprintf(talk(self), "%d concurrent connection%s will be used.\n", options->concurrent,
          options->concurrent == 1 ? "" : "s");
  fflush(talk(self));
  event_begin(self);
}

/* --- one download --- */

static bool is_silence(const downloader *self, int code)
{
  bool has_answered = self->report.downloaded + self->report.not_found > 0;
  return (code == SP_ECONNREFUSED || code == SP_ENETWORK) && !has_answered &&
         !site_is_url(&self->options.site);
}

/* A server of ours that is not there is missed once, not by each flag. */
static void complain(downloader *self, const char *name, int code)
{
  if (code >= 0 || code == SP_ECANCELED || is_not_found(code)) return;
  bool silent = is_silence(self, code);
  if (silent && self->is_silent) return;
  progress_hide(&self->progress);
  if (silent) {
    self->is_silent = true;
    site_explain_silence(&self->options.site, self->options.program, sp_error_message());
  } else {
    fprintf(stderr, "%s: %s: %s\n", self->options.program, name, sp_error_message());
  }
}

static void mention(const downloader *self, const char *name, int code)
{
  if (!self->options.verbose || (code < 0 && !is_not_found(code))) return;
  fprintf(talk(self), "%s %s\n", name, code < 0 ? "not found" : "OK");
  fflush(talk(self));
}

static void conclude(download *self, int code)
{
  const char *message = code < 0 ? sp_error_message() : "";
  self->is_counted = true;
  report_count(&self->downloader->report, self->name, code, message);
  event_done(self, code, message);
  complain(self->downloader, self->name, code);
  mention(self->downloader, self->name, code);
}

static int download_task(void *arg)
{
  download *self = arg;
  int result = self->downloader->download_one(self);
  conclude(self, result);
  return result;
}

/* --- a batch: downloads that are started together --- */

/* Returns how many there are, fewer than `count` when out of memory. */
static size_t start_tasks(downloader *self, size_t from, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    download *one = &self->downloads[from + i];
    sp_task_options options = {.name = one->name, .stack_size = STACK_SIZE};
    self->tasks[from + i] = sp_create_task_with(download_task, one, &options);
    if (!self->tasks[from + i]) return i;
  }
  return count;
}

/* They are sorted by name, and each task has its download's. */
static int compare_names(const void *name, const void *one)
{
  return strcmp(name, ((const download *)one)->name);
}

static void release(downloader *self, sp_task *task)
{
  const download *found = bsearch(sp_task_name(task), self->downloads, self->count,
                                  sizeof *self->downloads, compare_names);
  self->tasks[found - self->downloads] = NULL;
  sp_await(task); /* it is done, and has told its result */
}

/* Moves the bar with each that is done. */
static int watch(downloader *self, sp_task **tasks, size_t count)
{
  sp_as_completed each;
  sp_task *done;
  int more = sp_as_completed_open(&each, tasks, count, INFINITY);
  while (more >= 0 && (more = sp_as_completed_next(&each, &done)) > 0) {
    release(self, done);
    self->progress.done++;
  }
  sp_as_completed_close(&each);
  return more;
}

static void cancel_rest(sp_task **tasks, size_t count)
{
  size_t left = 0;
  for (size_t i = 0; i < count; i++) {
    if (tasks[i]) tasks[left++] = tasks[i];
  }
  for (size_t i = 0; i < left; i++) sp_task_cancel(tasks[i], NULL);
  for (size_t i = 0; i < left; i++) (void)sp_await(tasks[i]);
}

/* Interrupted, it cancels its downloads and waits till they have cleaned up. */
static int run_batch(downloader *self, size_t from, size_t count)
{
  sp_task **tasks = self->tasks + from;
  size_t started = start_tasks(self, from, count);
  int result = started < count ? SP_ENOMEM : watch(self, tasks, count);
  if (result < 0) cancel_rest(tasks, started);
  return result;
}

/* A worker: takes batches as long as there are any. */
static int run_batches(void *arg)
{
  downloader *self = arg;
  int result = 0;
  while (result == 0 && self->next < self->count) {
    size_t from = self->next;
    size_t left = self->count - from;
    size_t count = left < BATCH ? left : BATCH;
    self->next = from + count;
    result = run_batch(self, from, count);
  }
  return result;
}

/* Two, so that every turn is taken while the last ones of a batch end. */
static int run_two_workers(downloader *self)
{
  int results[2];
  sp_task *workers[] = {sp_create_task(run_batches, self), sp_create_task(run_batches, self)};
  if (!workers[0] || !workers[1]) {
    for (int i = 0; i < 2; i++) {
      if (workers[i]) sp_task_cancel(workers[i], NULL); /* one that has not begun never will */
      sp_task_detach(workers[i]);
    }
    return SP_ENOMEM;
  }
  int result = sp_gather_all(workers, 2, results);
  if (result < 0) return result;
  return results[0] < 0 ? results[0] : results[1];
}

/* --- all of them --- */

const download *downloader_find_file(const download *self)
{
  const downloader *owner = self->downloader;
  for (size_t i = 0; i < owner->count; i++) {
    const download *one = &owner->downloads[i];
    if (one != self && one->file && strcmp(one->file, self->file) == 0) return one;
  }
  return NULL;
}

static int make_downloads(downloader *self)
{
  const struct targets *targets = &self->options.targets;
  self->downloads = calloc(targets->count, sizeof *self->downloads);
  self->tasks = calloc(targets->count, sizeof(sp_task *));
  if (!self->downloads || !self->tasks) return SP_ENOMEM;
  for (size_t i = 0; i < targets->count; i++) {
    self->downloads[i] = (download){.downloader = self, .name = targets->names[i]};
  }
  self->count = targets->count;
  if ((size_t)self->options.concurrent > self->count) self->options.concurrent = (int)self->count;
  sp_semaphore_init(&self->turns, self->options.concurrent);
  return 0;
}

/* A task that was cancelled before it began could not say so. */
static void count_the_rest(downloader *self, int code)
{
  for (size_t i = 0; i < self->count; i++) {
    if (self->downloads[i].is_counted) continue;
    report_count(&self->report, self->downloads[i].name, code, sp_strerror(code));
    event_done(&self->downloads[i], code, sp_strerror(code));
  }
}

static int download_all(downloader *self)
{
  int result = self->count <= BATCH ? run_batches(self) : run_two_workers(self);
  count_the_rest(self, result < 0 ? result : SP_ECANCELED);
  return result;
}

static void write_report(downloader *self)
{
  self->is_reported = true;
  report_write_text(&self->report, unit(self), talk(self));
  if (self->options.json && !self->options.events) {
    fputc('{', stdout);
    report_write_json(&self->report, stdout);
    fputs("}\n", stdout);
  }
  event_report(self);
}

static int run(downloader *self)
{
  int result = make_downloads(self);
  if (result == 0) result = report_open(&self->report, self->count);
  if (result < 0) return result;
  announce(self);
  if (!self->options.verbose) result = progress_open(&self->progress, unit(self), self->count);
  if (result < 0) return result;
  result = download_all(self);
  if (!self->options.verbose) progress_close(&self->progress);
  write_report(self);
  return result;
}

static void free_all(downloader *self)
{
  report_close(&self->report);
  for (size_t i = 0; i < self->count; i++) free(self->downloads[i].file);
  free(self->downloads);
  free(self->tasks);
}

static int supervise(void *arg)
{
  downloader *self = arg;
  int result = options_find_targets(&self->options);
  if (result == 0) {
    result = run(self);
    free_all(self);
  }
  return result;
}

static int exit_code(const downloader *self, int result)
{
  if (result == SP_EINTERRUPTED) return INTERRUPTED;
  if (result == 0) return self->report.downloaded == self->report.requested ? 0 : 1;
  fprintf(stderr, "%s: %s\n", self->options.program, sp_error_message());
  return 1;
}

/* A full disk, say, is found out in the end. */
static bool has_written(FILE *file) { return fflush(file) == 0 && !ferror(file); }

int downloader_main(const char *program, bool takes_lists, int argc, char **argv,
                    download_function *download_one)
{
  static downloader self;
  self.download_one = download_one;
  self.options.program = program;
  self.options.takes_lists = takes_lists;
  int code = options_read(&self.options, argc, argv);
  if (code < 0) {
    srand((unsigned)time(NULL));
    int result = sp_run(supervise, &self);
    /* Interrupted before its first step, it has not even begun. */
    if (result == SP_EINTERRUPTED && !self.is_reported) write_report(&self);
    code = exit_code(&self, result);
  }
  if (!has_written(stdout)) {
    fprintf(stderr, "%s: stdout cannot be written\n", program);
    if (code == 0) code = 1;
  }
  options_free(&self.options);
  return code;
}
