/* Error details: the message of an error, and the errors in a group. */
#ifndef SP_CORE_ERROR_H
#define SP_CORE_ERROR_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "spindle.h"

/* The message of an error and, for SP_EGROUP, the errors in it. Immutable, and shared by the
 * futures and tasks that the error passes through. */
typedef struct sp__detail {
  uint32_t refs;
  sp_error_group group;      /* count is 0 if there is none */
  struct sp__detail **parts; /* the details of the errors in the group */
  struct sp__detail *next_to_free;
  char text[];
} sp__detail;

/* Returns a detail with a copy of `text`; NULL for NULL, and when out of memory: a message is not
 * worth a second failure. */
sp__detail *sp__detail_new(const char *text);

/* Returns a detail for a group of errors, with references to theirs; NULL when out of memory. */
sp__detail *sp__detail_of_group(const char *text, size_t count, const int *codes,
                                sp__detail *const *details);

void sp__detail_free(sp__detail *detail);

/* Both do nothing if NULL. */
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

/* The error that a call last returned: one per task. A thread outside tasks has a code and a
 * text. */
typedef struct sp__message {
  int code;
  sp__detail *detail; /* NULL: the code's own text applies */
} sp__message;

/* Sets the current message to a copy of `text` (NULL: none) and returns code. */
int sp__fail(int code, const char *text);

/* The same with a detail, of which it takes a reference. */
int sp__fail_with(int code, sp__detail *detail);

/* Returns the running task's detail of `code` if that was its last error, borrowed; may be NULL. */
sp__detail *sp__detail_of(int code);

/* Returns the code of that name ("SP_EDNS"), for a host without the header; SP_EINVAL if there is
 * none. */
int sp__error_code(const char *name);

/* Returns SP_ENOMEM with the message "no memory for WHAT with a stack of SIZE bytes". */
int sp__fail_no_stack(const char *what, size_t size);

/* Returns a copy of `text`; NULL for NULL, and when out of memory: a message is not worth a second
 * failure. */
char *sp__message_copy(const char *text);

/* Returns the code of this task's or thread's last error. */
int sp__last_code(void);

/* Returns a copy of the message of `code` if that was this task's or thread's last error, else
 * NULL. */
char *sp__message_of(int code);

#endif
