/* Errors are ints; the message of one is stored in the task, or thread, whose call failed. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/loop.h"
#include "core/task.h"
#include "core/text.h"
#include "spindle.h"

enum { MESSAGE_CAPACITY = 1024 };

static _Thread_local int thread_code;
static _Thread_local char thread_text[MESSAGE_CAPACITY];

/* Each code's name and text, one after the other: tables of pointers to them would add as much
 * again to a module that is sent to a page. */
#define WORDS(name, value, text) #name "\0" text "\0"
static const char all_words[] = SP_ERRORS(WORDS);
#undef WORDS

#define CODE(name, value, text) value,
static const signed char all_codes[] = {SP_ERRORS(CODE)};
#undef CODE

enum { CODES = sizeof all_codes / sizeof *all_codes };

static const char *behind(const char *text) { return text + strlen(text) + 1; }

/* Returns the name, which the text follows; or NULL. */
static const char *words_of(int code)
{
  const char *words = all_words;
  for (int i = 0; i < CODES; i++, words = behind(behind(words))) {
    if (all_codes[i] == code) return words;
  }
  return NULL;
}

const char *sp_strerror(int code)
{
  const char *words = words_of(code);
  if (words) return behind(words);
  return code >= 0 ? "ok" : "error";
}

const char *sp_error_name(int code)
{
  const char *words = words_of(code);
  if (words) return words;
  return code >= 0 ? "SP_OK" : "error";
}

int sp__error_code(const char *name)
{
  const char *words = all_words;
  for (int i = 0; name && i < CODES; i++, words = behind(behind(words))) {
    if (strcmp(name, words) == 0) return all_codes[i];
  }
  return SP_EINVAL;
}

char *sp__message_copy(const char *text)
{
  if (!text) return NULL;
  size_t size = strlen(text) + 1;
  char *copy = malloc(size);
  return copy ? memcpy(copy, text, size) : NULL;
}

sp__detail *sp__detail_new(const char *text)
{
  if (!text) return NULL;
  size_t size = strlen(text) + 1;
  sp__detail *detail = malloc(sizeof *detail + size);
  if (!detail) return NULL;
  *detail = (sp__detail){.refs = 1};
  memcpy(detail->text, text, size);
  return detail;
}

static const char *text_or(const char *text, int code)
{
  if (text && *text) return text;
  return code < 0 ? sp_strerror(code) : "";
}

sp__detail *sp__detail_of_group(const char *text, size_t count, const int *codes,
                                sp__detail *const *details)
{
  sp__detail *detail = sp__detail_new(text);
  sp_error_entry *errors = calloc(count, sizeof *errors);
  sp__detail **parts = calloc(count, sizeof *parts);
  if (!detail || !errors || !parts) {
    free(detail);
    free(errors);
    free(parts);
    return NULL;
  }
  for (size_t i = 0; i < count; i++) {
    parts[i] = sp__detail_ref(details[i]);
    bool nested = parts[i] && parts[i]->group.count > 0;
    errors[i] = (sp_error_entry){.code = codes[i],
                                 .message = text_or(parts[i] ? parts[i]->text : NULL, codes[i]),
                                 .group = nested ? &parts[i]->group : NULL};
  }
  detail->group = (sp_error_group){.count = count, .errors = errors};
  detail->parts = parts;
  return detail;
}

/* Groups may be nested as deep as task groups were, so the details to free are a list: no
 * recursion. */
void sp__detail_free(sp__detail *detail)
{
  detail->next_to_free = NULL;
  for (sp__detail *next; detail; detail = next) {
    next = detail->next_to_free;
    for (size_t i = 0; i < detail->group.count; i++) {
      sp__detail *part = detail->parts[i];
      if (!part || --part->refs > 0) continue;
      part->next_to_free = next;
      next = part;
    }
    free(detail->parts);
    free((void *)(uintptr_t)detail->group.errors);
    free(detail);
  }
}

/* Outside tasks: allocates nothing, so nothing leaks with the thread. */
static void keep_in_thread(int code, const char *text)
{
  thread_code = code;
  sp__text kept = sp__text_into(thread_text, sizeof thread_text);
  if (text) sp__text_add(&kept, text);
}

int sp__fail(int code, const char *text)
{
  sp__task *task = sp__task_running();
  if (!task) {
    keep_in_thread(code, text);
    return code;
  }
  sp__detail *detail = sp__detail_new(text);
  sp__fail_with(code, detail);
  sp__detail_unref(detail);
  return code;
}

int sp__fail_with(int code, sp__detail *detail)
{
  sp__task *task = sp__task_running();
  if (!task) {
    keep_in_thread(code, detail ? detail->text : NULL);
    return code;
  }
  sp__detail *before = task->message.detail;
  task->message = (sp__message){.code = code, .detail = sp__detail_ref(detail)};
  sp__detail_unref(before);
  return code;
}

int sp_fail(int code, const char *format, ...)
{
  char text[MESSAGE_CAPACITY];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return sp__fail(code, text);
}

int sp__fail_no_stack(const char *what, size_t size)
{
  char message[96];
  sp__text text = sp__text_into(message, sizeof message);
  sp__text_add(&text, "no memory for ", what, " with a stack of ");
  sp__text_add_number(&text, size);
  sp__text_add(&text, " bytes");
  return sp__fail(SP_ENOMEM, message);
}

static const char *task_text(const sp__task *task)
{
  return task->message.detail ? task->message.detail->text : NULL;
}

const char *sp_error_message(void)
{
  const sp__task *task = sp__task_running();
  return task ? text_or(task_text(task), task->message.code) : text_or(thread_text, thread_code);
}

const sp_error_group *sp_last_error_group(void)
{
  const sp__task *task = sp__task_running();
  const sp__detail *detail = task ? task->message.detail : NULL;
  return detail && detail->group.count > 0 ? &detail->group : NULL;
}

sp__detail *sp__detail_of(int code)
{
  const sp__task *task = sp__task_running();
  return task && task->message.code == code ? task->message.detail : NULL;
}

int sp__last_code(void)
{
  const sp__task *task = sp__task_running();
  return task ? task->message.code : thread_code;
}

char *sp__message_of(int code)
{
  const sp__task *task = sp__task_running();
  const char *text = task ? task_text(task) : thread_text;
  bool fits = code < 0 && sp__last_code() == code;
  return fits && text && *text ? sp__message_copy(text) : NULL;
}
