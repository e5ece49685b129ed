/* Cancellation: a request to stop goes down chains of awaits and through gather futures. */
#ifndef SP_CORE_CANCEL_H
#define SP_CORE_CANCEL_H

#include <stdbool.h>

#include "core/error.h"
#include "core/future.h"
#include "core/task.h"
#include "spindle.h"

/* Cancels a future of any kind (cancel.c). False if it was done, or nothing could be cancelled. */
bool sp__future_cancel(sp_future *future, sp__detail *detail);

/* Cancels a future unless it is, or leads to, a gather future, which is returned: its children come
 * first. Returns NULL otherwise, with the outcome in *cancelled. *asker is the last task of the
 * awaits that led there, or NULL. */
sp_future *sp__cancel_begin(sp_future *future, sp__detail *detail, sp__task **asker,
                            bool *cancelled);

/* Completes a cancellation that came through `asker`: if nothing was cancelled, the task's next
 * suspension returns SP_ECANCELED. Returns whether anything was cancelled, this included. */
bool sp__cancel_asker(bool cancelled, sp__task *asker, sp__detail *detail);

/* Cancels every task of the loop, in the order of their creation. `chained`: some await tasks that
 * await others. */
void sp__tasks_cancel_all(sp_loop *loop, bool chained);

/* The task's next suspension returns SP_ECANCELED. */
void sp__task_cancel_later(sp__task *task, sp__detail *detail);

#endif
