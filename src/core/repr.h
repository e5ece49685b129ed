/* Names and source locations as text. */
#ifndef SP_CORE_REPR_H
#define SP_CORE_REPR_H

#include <stddef.h>

#include "core/task.h"

/* Writes the task's name, cut to `size` bytes including its NUL. */
void sp__task_write_name(const sp__task *task, char *text, size_t size);

/* Returns "file.c:12" without the directories. */
const char *sp__file_name(const char *where);

/* Returns the call that an SP_HERE names, or "". */
const char *sp__call_name(const char *where);

#endif
