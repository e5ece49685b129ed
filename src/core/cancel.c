/* Cancelling: a request goes from what is asked to stop down to what that waits for.
 *
 * A task passes the request on to what it awaits, and a gathering to all of its children, as in
 * asyncio. There it is a recursion. Here it is a walk: a chain of awaits may be as long as there are
 * tasks, and gatherings as deep, so each gathering keeps its own place in the walk. */
#include "core/gather.h"

/* --- what is cancelled: a future, a task, a gathering --- */

/* Of one that is done: who wants to stop it does not want its error. */
static bool is_too_late_to_cancel(sp_future *future)
{
  if (future->state == SP__PENDING) return false;
  return future->retrieved = true;
}

void sp__task_cancel_later(sp__task *task, sp__detail *detail)
{
  sp__detail *before = task->cancel_detail;
  task->must_cancel = true;
  task->cancel_detail = sp__detail_share(detail);
  sp__detail_drop(before);
}

/* Counts the request for each task of a chain of awaits. Returns what the last of them, *asker, waits
 * for, or `future` itself where it is no task; NULL if that is not pending. */
static sp_future *follow_awaits(sp_future *future, sp__task **asker)
{
  while (future && future->state == SP__PENDING && future->kind == SP__TASK) {
    *asker = sp__task_of(future);
    (*asker)->cancels++;
    future = (*asker)->waiting_on;
  }
  return future && future->state == SP__PENDING ? future : NULL;
}

/* A task that waits for nothing that could be cancelled is told by its next suspension. */
static bool cancel_asker(bool cancelled, sp__task *asker, sp__detail *detail)
{
  if (cancelled || !asker) return cancelled;
  sp__task_cancel_later(asker, detail);
  return true;
}

/* --- the walk --- */

/* NULL where its children led back to it: tasks that gather each other would go round for ever. */
static sp__gathering *enter(sp__gathering *all, sp__task *asker, sp__gathering *outside)
{
  if (all->cancelling) return NULL;
  all->cancelling = true;
  all->any_cancelled = false;
  all->next_child = 0;
  all->asker = asker;
  all->outside = outside;
  return all;
}

/* Returns the gathering whose children are to be cancelled first, or NULL with *cancelled set. */
static sp__gathering *begin(sp_future *future, sp__detail *detail, sp__gathering *outside,
                            bool *cancelled)
{
  sp__task *asker = NULL;
  sp_future *awaited = is_too_late_to_cancel(future) ? NULL : follow_awaits(future, &asker);
  bool is_plain = awaited && awaited->kind != SP__GATHERING;
  if (is_plain) {
    sp__future_finish_cancelled(awaited, detail);
  } else if (awaited) {
    sp__gathering *entered = enter(sp__gathering_of(awaited), asker, outside);
    if (entered) return entered;
  }
  *cancelled = cancel_asker(is_plain, asker, detail);
  return NULL;
}

static sp_future *next_child(sp__gathering *all)
{
  if (all->next_child == all->children.count) return NULL;
  return all->children.each[all->next_child++].future;
}

static bool leave(sp__gathering *all, sp__detail *detail)
{
  all->cancelling = false;
  if (all->any_cancelled) all->cancel_requested = true;
  return cancel_asker(all->any_cancelled, all->asker, detail);
}

bool sp__future_cancel(sp_future *future, sp__detail *detail)
{
  bool cancelled = false;
  sp__gathering *inmost = begin(future, detail, NULL, &cancelled);
  while (inmost) {
    sp_future *child = next_child(inmost);
    sp__gathering *outside = inmost->outside;
    if (child) {
      sp__gathering *entered = begin(child, detail, inmost, &cancelled);
      if (!entered) inmost->any_cancelled |= cancelled;
      inmost = entered ? entered : inmost;
    } else {
      cancelled = leave(inmost, detail);
      if (outside) outside->any_cancelled |= cancelled;
      inmost = outside;
    }
  }
  return cancelled;
}

/* --- all tasks of a loop --- */

/* The task that the task awaits itself; NULL: there is none. */
static sp__task *awaited_task(const sp__task *task)
{
  sp_future *future = task->waiting_on;
  bool is_task = future && future->kind == SP__TASK && future->state == SP__PENDING;
  return is_task ? sp__task_of(future) : NULL;
}

static void cancel_end(sp__task *last, uint32_t times)
{
  for (; times > 0; times--) {
    sp_future *awaited = last->waiting_on;
    bool cancelled = awaited && awaited->state == SP__PENDING && sp__future_cancel(awaited, NULL);
    if (cancelled) continue;
    sp__task_cancel_later(last, NULL);
    return; /* nothing changes any more */
  }
}

/* Goes down the chain as far as no request has been before; there it waits to be passed on. */
static void ask(sp__task *task)
{
  for (sp__task *next; !task->asked; task = next) {
    task->asked = true;
    task->cancels++;
    next = awaited_task(task);
    if (!next) {
      cancel_end(task, 1);
      return;
    }
  }
  task->requests++;
}

/* Passes on what waits at the task, and goes on where nobody else is to come. */
static void pass_on(sp__task *task)
{
  for (;;) {
    uint32_t requests = task->requests;
    sp__task *next = awaited_task(task);
    task->cancels += (int)requests;
    if (!next) {
      cancel_end(task, requests);
      return;
    }
    next->requests += requests;
    if (--next->askers > 0) return;
    task = next;
  }
}

/* As if each task were cancelled in turn, but no chain of awaits is gone through more than twice:
 * the requests that are to follow a first one down a chain go together. */
void sp__tasks_cancel_all(sp_loop *loop)
{
  for (sp__task *task = loop->tasks.first; task; task = task->next) {
    task->asked = false;
    task->requests = task->askers = 0;
  }
  for (sp__task *task = loop->tasks.first; task; task = task->next) {
    sp__task *awaited = awaited_task(task);
    if (awaited) awaited->askers++;
  }
  for (sp__task *task = loop->tasks.first; task; task = task->next) {
    if (task->future.state == SP__PENDING) ask(task);
  }
  for (sp__task *task = loop->tasks.first; task; task = task->next) {
    if (task->asked && task->askers == 0) pass_on(task);
  }
}

/* --- what a task is told --- */

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

/* --- the public face --- */

bool sp_future_cancel(sp_future *future, const char *message)
{
  if (is_too_late_to_cancel(future)) return false;
  sp__detail *detail = sp__detail_new(message);
  bool cancelled = sp__future_cancel(future, detail);
  sp__detail_drop(detail);
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
