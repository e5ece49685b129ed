#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double interval = 0.1; /* s */

enum {
  COLUMNS_WITHOUT_TERMINAL = 80,
  TEXT_SIZE = 192,
  LINE_SIZE = 2048,
  BAR_MAX = 200,
  STDERR = 2
};

/* "01:02", "1:01:02" */
static void write_time(char *to, size_t size, double seconds)
{
  if (!isfinite(seconds) || seconds > 1e8) {
    snprintf(to, size, "?");
    return;
  }
  unsigned whole = (unsigned)seconds;
  unsigned hours = whole / 3600;
  if (hours > 0) {
    snprintf(to, size, "%u:%02u:%02u", hours, whole / 60 % 60, whole % 60);
  } else {
    snprintf(to, size, "%02u:%02u", whole / 60, whole % 60);
  }
}

/* " 5.12flag/s"; slower than one a second: " 1.95s/flag" */
static void write_rate(char *to, size_t size, double rate, const char *unit)
{
  if (rate <= 0) {
    snprintf(to, size, "?%s/s", unit);
  } else if (rate < 1) {
    snprintf(to, size, "%5.2fs/%s", 1 / rate, unit);
  } else {
    snprintf(to, size, "%5.2f%s/s", rate, unit);
  }
}

/* What stands to the right of the bar. */
static void write_counts(const progress *self, char *to, size_t size)
{
  char elapsed[24];
  char remaining[24];
  char speed[48];
  double seconds = sp_loop_time(sp_loop_running()) - self->began;
  double rate = seconds > 0 ? (double)self->done / seconds : 0;
  write_time(elapsed, sizeof elapsed, seconds);
  write_time(remaining, sizeof remaining, (double)(self->total - self->done) / rate);
  write_rate(speed, sizeof speed, rate, self->unit);
  snprintf(to, size, "| %zu/%zu [%s<%s, %s]", self->done, self->total, elapsed, remaining, speed);
}

/* Writes on at `length`, as much as fits, and returns the new length. */
static size_t add(char *line, size_t length, const char *text)
{
  int added = snprintf(line + length, LINE_SIZE - length, "%s", text);
  return length + (size_t)added < LINE_SIZE ? length + (size_t)added : length;
}

/* The bar in eighths of a character; where there is only ASCII, in tenths. */
static size_t add_bar(const progress *self, char *line, size_t length, int columns)
{
  static const char *const blocks[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
  static const char *const digits[] = {" ", "1", "2", "3", "4", "5", "6", "7", "8", "9", "#"};
  const char *const *signs = self->is_unicode ? blocks : digits;
  int steps = self->is_unicode ? 8 : 10;
  int filled = (int)((double)self->done / (double)self->total * columns * steps);
  for (int i = 0; i < columns; i++, filled -= steps) {
    length = add(line, length, signs[filled <= 0 ? 0 : filled >= steps ? steps : filled]);
  }
  return length;
}

/* Where there is no room for a bar: what fits of the rest. */
static void write_narrow_line(char *line, const char *percent, const char *counts, int columns)
{
  add(line, add(line, 0, percent), counts);
  size_t most = columns > 1 ? (size_t)columns - 1 : 0;
  if (strlen(line) > most) line[most] = '\0';
}

/* A line that fits into `columns`, of which the last stays free: some terminals would wrap. */
static void write_line(const progress *self, char *line, int columns)
{
  char counts[TEXT_SIZE];
  char percent[8];
  snprintf(percent, sizeof percent, "%3d%%", (int)(100 * self->done / self->total));
  write_counts(self, counts, sizeof counts);
  int left = columns - 1 - (int)strlen(percent) - 1 - (int)strlen(counts);
  if (left < 1) {
    write_narrow_line(line, percent, counts, columns);
    return;
  }
  size_t length = add(line, add(line, 0, percent), "|");
  if (self->is_coloured) length = add(line, length, "\033[32m");
  length = add_bar(self, line, length, left < BAR_MAX ? left : BAR_MAX);
  if (self->is_coloured) length = add(line, length, "\033[0m");
  add(line, length, counts);
}

/* The width is asked for each time: people pull at their windows. */
static void draw(progress *self)
{
  char line[LINE_SIZE];
  int columns = self->is_terminal ? sp_terminal_columns(STDERR) : 0;
  write_line(self, line, columns > 0 ? columns : COLUMNS_WITHOUT_TERMINAL);
  fprintf(stderr, self->is_terminal ? "\r%s\033[K" : "%s", line);
  fflush(stderr);
  self->is_shown = true;
}

static int draw_again_and_again(void *arg)
{
  progress *self = arg;
  for (;;) {
    draw(self);
    int cancelled = sp_sleep(interval);
    if (cancelled < 0) return cancelled;
  }
}

static bool is_set(const char *name)
{
  const char *value = getenv(name);
  return value && *value;
}

/* As the C library does: the first of the three that is set decides. */
static bool locale_is_unicode(void)
{
  static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
  for (int i = 0; i < 3; i++) {
    const char *locale = getenv(names[i]);
    if (!locale || !*locale) continue;
    return strstr(locale, "UTF-8") || strstr(locale, "utf8") || strstr(locale, "utf-8");
  }
  return false;
}

/* One that cannot go back in a line. */
static bool terminal_is_dumb(void)
{
  const char *kind = getenv("TERM");
  return !kind || strcmp(kind, "dumb") == 0;
}

int progress_open(progress *self, const char *unit, size_t total)
{
  *self = (progress){.unit = unit, .total = total};
  self->is_terminal = sp_terminal_columns(STDERR) > 0 && !terminal_is_dumb();
  self->began = sp_loop_time(sp_loop_running());
  self->is_unicode = locale_is_unicode();
  self->is_coloured = self->is_terminal && !is_set("NO_COLOR");
  if (!self->is_terminal) return 0;
  self->drawer =
      sp_create_task_with(draw_again_and_again, self, &(sp_task_options){.name = "progress bar"});
  return self->drawer ? 0 : SP_ENOMEM;
}

void progress_hide(progress *self)
{
  if (!self->is_shown) return;
  fputs("\r\033[K", stderr);
  self->is_shown = false;
}

void progress_close(progress *self)
{
  if (self->drawer) {
    sp_task_cancel(self->drawer, NULL);
    sp_await(self->drawer);
  }
  draw(self);
  fputc('\n', stderr);
}
