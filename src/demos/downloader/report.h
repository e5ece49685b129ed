/* What became of the downloads: counted as it happens, and summed up for people or as JSON. */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct failure {
  const char *name;
  int code;
  char *message; /* NULL: there was no memory for it */
} failure;

typedef struct report {
  double began; /* on the loop's clock */
  size_t requested;
  size_t downloaded;
  size_t not_found;
  size_t errors;
  size_t cancelled;
  failure *failures; /* as many as `requested`; in use: report_failed() */
} report;

/* Begins the time. 0 or SP_ENOMEM. */
int report_open(report *self, size_t requested);
void report_close(report *self);

/* What became of one: 0, or an error with its message, which is copied. */
void report_count(report *self, const char *name, int code, const char *message);

/* Seconds since it was opened. */
double report_elapsed(const report *self);

size_t report_failed(const report *self);

/* `unit` is what was downloaded, "flag". */
void report_write_text(const report *self, const char *unit, FILE *to);

/* The members of a JSON object, without its braces. */
void report_write_json(const report *self, FILE *to);

#endif
