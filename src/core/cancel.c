/* Cancellation: a request to stop goes from a task or future down to what that waits for.
 *
 * A task passes the request on to what it awaits, and a gather future to all of its children.
 * asyncio recurses here; this is an iterative walk, since a chain of awaits may be as long as there
 * are tasks, and gathers may be nested as deep. The walk through gathers is in gather.c, which only
 * programs that gather link. */
#include "core/cancel.h"
#include "core/error.h"
#include "core/future.h"
#include "core/loop.h"
#include "core/suspend.h"
#include "core/task.h"
#include "spindle.h"

/* Cancelling a future that is done also marks its error as retrieved: the caller does not want
 * it. */
static bool is_too_late_to_cancel(sp_future *future)
{
  if (future->state == SP__PENDING) return false;
  return future->retrieved = true;
}

void sp__task_cancel_later(sp__task *task, sp__detail *detail)
{
  sp__detail *before = task->cancel_detail;
  task->must_cancel = true;
  task->cancel_detail = sp__detail_ref(detail);
  sp__detail_unref(before);
}

/* Counts the request for each task of a chain of awaits. Returns what the last task, *asker, waits
 * for, or `future` itself if it is no task; NULL if that is not pending. */
static sp_future *follow_awaits(sp_future *future, sp__task **asker)
{
  while (future && future->state == SP__PENDING && future->kind == SP__TASK) {
    *asker = sp__task_of(future);
    (*asker)->cancels++;
    future = (*asker)->waiting_on;
  }
  return future && future->state == SP__PENDING ? future : NULL;
}

bool sp__cancel_asker(bool cancelled, sp__task *asker, sp__detail *detail)
{
  if (cancelled || !asker) return cancelled;
  sp__task_cancel_later(asker, detail);
  return true;
}

sp_future *sp__cancel_begin(sp_future *future, sp__detail *detail, sp__task **asker,
                            bool *cancelled)
{
  *asker = NULL;
  sp_future *awaited = is_too_late_to_cancel(future) ? NULL : follow_awaits(future, asker);
  if (awaited && awaited->kind == SP__GATHERING) return awaited;
  if (awaited) sp__future_finish_cancelled(awaited, detail);
  *cancelled = sp__cancel_asker(awaited != NULL, *asker, detail);
  return NULL;
}

bool sp__future_cancel(sp_future *future, sp__detail *detail)
{
  sp__task *asker;
  bool cancelled;
  sp_future *gathering = sp__cancel_begin(future, detail, &asker, &cancelled);
  return gathering ? future->loop->hooks.cancel_gathering(gathering, asker, detail) : cancelled;
}

/* --- all tasks of a loop --- */

static void cancel_end(sp__task *last, uint32_t times)
{
  for (; times > 0; times--) {
    sp_future *awaited = last->waiting_on;
    bool cancelled = awaited && awaited->state == SP__PENDING && sp__future_cancel(awaited, NULL);
    if (cancelled) continue;
    sp__task_cancel_later(last, NULL);
    return; /* further requests change nothing */
  }
}

/* The first request that reaches the end of a chain cancels what is waited for there. */
static void ask(sp__task *task)
{
  while (task && !task->asked) {
    sp__task *next = sp__task_awaited(task);
    task->asked = true;
    if (!next) cancel_end(task, 1);
    task = next;
  }
}

/* Counts the requests that reach the task, its own and those of all tasks that await it, and
 * continues down the chain once all of these have passed. */
static void pass_on(sp__task *task)
{
  while (task) {
    uint32_t requests = task->requests + 1;
    sp__task *next = sp__task_awaited(task);
    task->askers = UINT32_MAX; /* done */
    task->cancels += (int)requests;
    if (next) {
      next->requests += requests;
      if (--next->askers > 0) return;
    } else {
      cancel_end(task, requests - 1);
    }
    task = next;
  }
}

static void count_askers(sp_loop *loop)
{
  for (sp__task *task = loop->tasks.first; task; task = task->next) {
    task->asked = task->future.state != SP__PENDING;
    task->requests = task->askers = 0;
  }
  for (sp__task *task = loop->tasks.first; task; task = task->next) {
    sp__task *awaited = sp__task_awaited(task);
    if (awaited) awaited->askers++;
  }
}

/* The effect of cancelling each task in turn, but no chain of awaits is walked more than twice: the
 * requests that follow a first one down a chain go together. If no task awaits one that awaits
 * another, this would gain nothing, and one pass is enough. */
void sp__tasks_cancel_all(sp_loop *loop, bool chained)
{
  if (!chained) {
    for (sp__task *task = loop->tasks.first; task; task = task->next) {
      if (task->future.state == SP__PENDING) sp__future_cancel(&task->future, NULL);
    }
    return;
  }
  count_askers(loop);
  for (sp__task *task = loop->tasks.first; task; task = task->next) ask(task);
  for (sp__task *task = loop->tasks.first; task; task = task->next) {
    if (task->future.state == SP__PENDING && task->askers == 0) pass_on(task);
  }
}

/* --- delivery to a task --- */

int sp__task_deliver_cancel(sp__task *task)
{
  task->must_cancel = false;
  return sp__fail_with(SP_ECANCELED, task->cancel_detail);
}

int sp__task_take_cancelled(sp__task *task, sp_future *future)
{
  int result = sp__future_take(future);
  if (result != SP_ECANCELED) return sp__task_deliver_cancel(task);
  task->must_cancel = false;
  return result;
}

void sp__task_cancel_wait(sp__task *task, sp_future *future)
{
  if (sp__future_cancel(future, task->cancel_detail)) task->must_cancel = false;
}

/* --- public functions --- */

bool sp_future_cancel(sp_future *future, const char *message)
{
  if (is_too_late_to_cancel(future)) return false;
  sp__detail *detail = sp__detail_new(message);
  bool cancelled = sp__future_cancel(future, detail);
  sp__detail_unref(detail);
  return cancelled;
}

bool sp_task_cancel(sp_task *handle, const char *message)
{
  return sp_future_cancel(handle, message);
}

int sp_task_uncancel(sp_task *handle)
{
  sp__task *task = sp__task_of(handle);
  if (task->cancels > 0 && --task->cancels == 0) task->must_cancel = false;
  return task->cancels;
}

int sp_task_cancelling(const sp_task *handle) { return sp__task_of(handle)->cancels; }
