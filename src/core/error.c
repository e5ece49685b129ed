/* Errors are ints; what goes with one, its message, is kept for the task that was given it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"

enum { MESSAGE_ROOM = 1024 };

static _Thread_local int thread_code;
static _Thread_local char thread_text[MESSAGE_ROOM];

const char *sp_strerror(int code)
{
  switch (code) {
    case SP_OK:
      return "ok";
#define TEXT(name, value, text) \
  case name:                    \
    return text;
      SP_ERRORS(TEXT)
#undef TEXT
    default:
      return code > 0 ? "ok" : "error";
  }
}

const char *sp_error_name(int code)
{
  switch (code) {
    case SP_OK:
      return "SP_OK";
#define NAME(name, value, text) \
  case name:                    \
    return #name;
      SP_ERRORS(NAME)
#undef NAME
    default:
      return "error";
  }
}

int sp__error_code(const char *name)
{
#define CODE(known, value, text) \
  if (name && strcmp(name, #known) == 0) return known;
  SP_ERRORS(CODE)
#undef CODE
  return SP_EINVAL;
}

char *sp__message_copy(const char *text)
{
  if (!text) return NULL;
  size_t size = strlen(text) + 1;
  char *copy = malloc(size);
  return copy ? memcpy(copy, text, size) : NULL;
}

/* Outside tasks: no memory is asked for, so none is lost with the thread. */
static void keep_in_thread(int code, const char *text)
{
  thread_code = code;
  snprintf(thread_text, sizeof thread_text, "%s", text ? text : "");
}

int sp__fail(int code, const char *text)
{
  sp__task *task = sp__task_running();
  if (!task) {
    keep_in_thread(code, text);
    return code;
  }
  char *copy = sp__message_copy(text);
  free(task->message.text);
  task->message = (sp__message){.code = code, .text = copy};
  return code;
}

int sp_fail(int code, const char *format, ...)
{
  char text[MESSAGE_ROOM];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return sp__fail(code, text);
}

static const char *text_or(const char *text, int code)
{
  if (text && *text) return text;
  return code < 0 ? sp_strerror(code) : "";
}

const char *sp_error_message(void)
{
  const sp__task *task = sp__task_running();
  return task ? text_or(task->message.text, task->message.code) : text_or(thread_text, thread_code);
}

char *sp__message_of(int code)
{
  const sp__task *task = sp__task_running();
  const char *text = task ? task->message.text : thread_text;
  bool fits = code < 0 && (task ? task->message.code : thread_code) == code;
  return fits && text && *text ? sp__message_copy(text) : NULL;
}
