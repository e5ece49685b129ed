/* What a task does, and which tasks it waits for. */
#ifndef SP_CORE_INSPECT_H
#define SP_CORE_INSPECT_H

#include <stddef.h>

#include "core/task.h"

enum sp__doing { SP__NEW, SP__READY, SP__RUNNING, SP__WAITING, SP__DONE };
enum sp__doing sp__task_doing(const sp__task *task);

/* Iterates over the pending tasks that a task waits for, in the order in which it names them; one
 * may come twice. */
typedef struct sp__await_iter {
  sp__await_frame awaits;
  size_t index;
} sp__await_iter;

sp__await_iter sp__await_iter_begin(const sp__task *task);
sp__task *sp__await_iter_next(sp__await_iter *from);

#endif
