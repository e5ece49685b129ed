/* What goes with an error: its message, and the errors in a group. */
#ifndef SP_CORE_ERROR_H
#define SP_CORE_ERROR_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "spindle.h"

/* What goes with an error: its message and, for SP_EGROUP, the errors in it. It never changes, and
 * is shared by the futures and tasks that the error passes through. */
typedef struct sp__detail {
  uint32_t refs;
  sp_error_group group;      /* count is 0 where there is none */
  struct sp__detail **parts; /* those of the errors in the group */
  struct sp__detail *next_to_free;
  char text[];
} sp__detail;

/* One with a copy of `text`. NULL for NULL, and when out of memory: a message is worth no second
 * failure. */
sp__detail *sp__detail_new(const char *text);

/* One for a group of errors; shares their details. NULL when out of memory. */
sp__detail *sp__detail_of_group(const char *text, size_t count, const int *codes,
                                sp__detail *const *details);

void sp__detail_free(sp__detail *detail);

/* NULL is no detail, and is let be. */
static inline sp__detail *sp__detail_ref(sp__detail *detail)
{
  if (detail) detail->refs++;
  return detail;
}

static inline void sp__detail_unref(sp__detail *detail)
{
  assert(!detail || detail->refs > 0);
  if (detail && --detail->refs == 0) sp__detail_free(detail);
}

/* The error that a call last returned: one a task. Outside tasks a thread has a code and a text. */
typedef struct sp__message {
  int code;
  sp__detail *detail; /* NULL: the code's own text will do */
} sp__message;

/* Sets the current message to a copy of `text` (NULL: none) and returns code. */
int sp__fail(int code, const char *text);

/* The same with a detail, which is shared. */
int sp__fail_with(int code, sp__detail *detail);

/* The running task's detail of `code`, if that was its last error; borrowed, perhaps NULL. */
sp__detail *sp__detail_of(int code);

/* The code of that name ("SP_EDNS"), for a host that has no header; SP_EINVAL if there is none. */
int sp__error_code(const char *name);

/* SP_ENOMEM: "no memory for WHAT with a stack of SIZE bytes". */
int sp__fail_no_stack(const char *what, size_t size);

/* Copies `text` into a new string; NULL stays NULL. Out of memory gives NULL too: a message is
 * worth no second failure. */
char *sp__message_copy(const char *text);

/* The code of this task's or thread's last error. */
int sp__last_code(void);

/* A copy of the message that goes with `code`, if that was this task's or thread's last error. */
char *sp__message_of(int code);

#endif
