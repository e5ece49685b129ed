/* Errors are ints; what goes with one, its message, is kept for the task that was given it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"

enum { MESSAGE_ROOM = 1024 };

static _Thread_local sp__message thread_message;

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

sp__message *sp__message_current(void)
{
  sp_loop *loop = sp__loop_current;
  return loop && loop->current ? &loop->current->message : &thread_message;
}

char *sp__message_copy(const char *text)
{
  if (!text) return NULL;
  size_t size = strlen(text) + 1;
  char *copy = malloc(size);
  return copy ? memcpy(copy, text, size) : NULL;
}

int sp__fail(int code, const char *text)
{
  sp__message *message = sp__message_current();
  char *copy = sp__message_copy(text);
  free(message->text);
  *message = (sp__message){.code = code, .text = copy};
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

const char *sp_error_message(void)
{
  const sp__message *message = sp__message_current();
  if (message->text) return message->text;
  return message->code < 0 ? sp_strerror(message->code) : "";
}
