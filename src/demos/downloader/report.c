#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "json.h"
#include "spindle.h"

/* --- counting --- */

int report_open(report *self, size_t requested)
{
  *self = (report){.requested = requested};
  self->began = sp_loop_time(sp_loop_running());
  self->failures = calloc(requested, sizeof *self->failures);
  return self->failures ? 0 : SP_ENOMEM;
}

size_t report_failed(const report *self)
{
  return self->not_found + self->errors + self->cancelled;
}

void report_close(report *self)
{
  for (size_t i = 0; i < report_failed(self); i++) free(self->failures[i].message);
  free(self->failures);
}

static char *copy_of(const char *text)
{
  size_t size = strlen(text) + 1;
  char *copy = malloc(size);
  if (copy) memcpy(copy, text, size);
  return copy;
}

void report_count(report *self, const char *name, int code, const char *message)
{
  if (code >= 0) {
    self->downloaded++;
    return;
  }
  self->failures[report_failed(self)] =
      (failure){.name = name, .code = code, .message = copy_of(message)};
  if (code == SP_ECANCELED) {
    self->cancelled++;
  } else if (is_not_found(code)) {
    self->not_found++;
  } else {
    self->errors++;
  }
}

double report_elapsed(const report *self)
{
  sp_loop *loop = sp_loop_running();
  return loop ? sp_loop_time(loop) - self->began : 0;
}

/* --- for people --- */

static const char *plural(size_t count) { return count == 1 ? "" : "s"; }

static bool is_error(int code) { return code < 0 && code != SP_ECANCELED && !is_not_found(code); }

static int compare_codes(const void *a, const void *b)
{
  int first = *(const int *)a;
  int second = *(const int *)b;
  return (first < second) - (first > second);
}

/* The codes of the errors, equal ones side by side. Returns how many, 0 when out of memory. */
static size_t sorted_codes(const report *self, int **codes)
{
  size_t count = 0;
  *codes = malloc((self->errors + 1) * sizeof **codes);
  if (!*codes) return 0;
  for (size_t i = 0; i < report_failed(self); i++) {
    int code = self->failures[i].code;
    if (is_error(code)) (*codes)[count++] = code;
  }
  qsort(*codes, count, sizeof **codes, compare_codes);
  return count;
}

static void write_errors_by_kind(const report *self, FILE *to)
{
  char kind[KIND_SIZE];
  int *codes;
  size_t count = sorted_codes(self, &codes);
  for (size_t from = 0, end; from < count; from = end) {
    for (end = from; end < count && codes[end] == codes[from]; end++) continue;
    write_kind(codes[from], kind);
    fprintf(to, "  %zu with %s\n", end - from, kind);
  }
  free(codes);
}

void report_write_text(const report *self, const char *unit, FILE *to)
{
  fputs("--------------------\n", to);
  fprintf(to, "%zu %s%s downloaded.\n", self->downloaded, unit, plural(self->downloaded));
  if (self->not_found > 0) fprintf(to, "%zu not found.\n", self->not_found);
  if (self->errors > 0) {
    fprintf(to, "%zu error%s.\n", self->errors, plural(self->errors));
    write_errors_by_kind(self, to);
  }
  if (self->cancelled > 0) fprintf(to, "%zu cancelled.\n", self->cancelled);
  fprintf(to, "Elapsed time: %.2fs\n", report_elapsed(self));
}

/* --- for programs --- */

static void write_failure(const failure *one, FILE *to)
{
  char kind[KIND_SIZE];
  write_kind(one->code, kind);
  fputs("{\"code\":", to);
  json_write_string(to, one->name);
  fprintf(to, ",\"kind\":\"%s\",\"message\":", kind);
  json_write_string(to, one->message ? one->message : "");
  fputc('}', to);
}

void report_write_json(const report *self, FILE *to)
{
  fprintf(to,
          "\"requested\":%zu,\"downloaded\":%zu,\"not_found\":%zu,\"errors\":%zu,"
          "\"cancelled\":%zu,\"elapsed\":%.3f,\"failures\":[",
          self->requested, self->downloaded, self->not_found, self->errors, self->cancelled,
          report_elapsed(self));
  for (size_t i = 0; i < report_failed(self); i++) {
    if (i > 0) fputc(',', to);
    write_failure(&self->failures[i], to);
  }
  fputc(']', to);
}
