/* The trace: what is written, and how. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

static void say_all(o_text *text, const char *format, va_list arguments)
{
  size_t room = sizeof text->data - text->used;
  int length = vsnprintf(text->data + text->used, room, format, arguments);
  text->used += (size_t)length < room ? (size_t)length : room - 1;
}

void say(o_text *text, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  say_all(text, format, arguments);
  va_end(arguments);
}

static void add_line(o_run *run, const o_text *text)
{
  if (run->over) return;
  size_t length = text->used;
  while (length > 0 && text->data[length - 1] == ' ') length--;
  if (run->used + length + 2 > run->room) {
    run->room = 2 * run->room + length + 2;
    run->trace = realloc(run->trace, run->room);
    if (!run->trace) abort();
  }
  memcpy(run->trace + run->used, text->data, length);
  run->used += length;
  run->trace[run->used++] = '\n';
  run->trace[run->used] = '\0';
}

void write_line(o_run *run, const char *format, ...)
{
  o_text line = {.used = 0};
  va_list arguments;
  va_start(arguments, format);
  say_all(&line, format, arguments);
  va_end(arguments);
  add_line(run, &line);
}

void event(o_run *run, int number, const char *format, ...)
{
  o_text line = {.used = 0};
  say(&line, "%.9g ", sp_loop_time(run->loop));
  say_who(run, &line);
  if (number > 0) say(&line, " %d", number);
  say(&line, " ");
  va_list arguments;
  va_start(arguments, format);
  say_all(&line, format, arguments);
  va_end(arguments);
  add_line(run, &line);
}

void say_who(const o_run *run, o_text *text)
{
  sp_task *task = sp_task_current();
  if (task) {
    say_name(run, text, task);
  } else {
    say(text, "cb");
  }
}

void say_code(o_text *text, int code)
{
  if (code <= SP_EUSER) {
    say(text, "SP_EUSER-%d", SP_EUSER - code);
  } else {
    say(text, "%s", sp_error_name(code));
  }
}

void say_result(o_text *text, int result)
{
  if (result < 0) {
    say_code(text, result);
  } else {
    say(text, "%d", result);
  }
}

static void say_group(o_text *text, const sp_error_group *group);

static void say_entry(o_text *text, int code, const char *message, const sp_error_group *group)
{
  say_code(text, code);
  bool has_message = code <= SP_EUSER || code == SP_ECANCELED;
  if (has_message && strcmp(message, sp_strerror(code)) != 0) say(text, " \"%s\"", message);
  if (code == SP_EGROUP) say_group(text, group);
}

static void say_group(o_text *text, const sp_error_group *group)
{
  say(text, " [");
  for (size_t i = 0; group && i < group->count; i++) {
    const sp_error_entry *each = &group->errors[i];
    if (i > 0) say(text, "; ");
    say_entry(text, each->code, each->message, each->group);
  }
  say(text, "]");
}

void say_error(o_text *text, int code)
{
  say_entry(text, code, sp_error_message(), code == SP_EGROUP ? sp_last_error_group() : NULL);
}

void say_state(o_text *text, sp_future *future)
{
  if (!sp_future_done(future)) {
    say(text, "pending");
    return;
  }
  say(text, sp_future_cancelled(future) ? "cancelled " : "finished ");
  int result = sp_future_result(future);
  if (result < 0) {
    say_error(text, result);
  } else {
    say(text, "%d", result);
  }
}
