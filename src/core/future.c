/* Futures: a result that arrives later, and who is notified of it. */
#include <assert.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/future.h"
#include "core/list.h"
#include "core/local.h"
#include "core/loop.h"
#include "core/ready.h"
#include "core/report.h"
#include "core/task.h"
#include "spindle.h"

void sp__future_remove_waiter(sp_future *future, sp__waiter *removed)
{
  sp__waiter *waiter = future->first;
  future->first = future->last = NULL;
  while (waiter) {
    sp__waiter *next = waiter->next;
    if (waiter != removed) sp__future_add_waiter(future, waiter);
    waiter = next;
  }
}

void sp__future_finish_cancelled(sp_future *future, sp__detail *detail)
{
  assert(future->state == SP__PENDING);
  future->state = SP__CANCELLED;
  future->detail = sp__detail_ref(detail);
  sp__future_settle(future);
}

/* The message of a cancellation that a task returned goes to the first caller that takes it. A task
 * that survived a cancellation still has its message. */
sp__detail *sp__future_take_cancellation(sp_future *future)
{
  bool cancelled = future->state == SP__CANCELLED;
  if (cancelled && future->result == SP_ECANCELED) {
    sp__detail *taken = future->detail;
    future->detail = NULL;
    return taken;
  }
  if (cancelled) return sp__detail_ref(future->detail);
  bool is_task = future->kind == SP__TASK;
  return is_task ? sp__detail_ref(sp__task_of(future)->cancel_detail) : NULL;
}

static int take_cancelled(sp_future *future)
{
  sp__detail *detail = sp__future_take_cancellation(future);
  sp__fail_with(SP_ECANCELED, detail);
  sp__detail_unref(detail);
  return SP_ECANCELED;
}

int sp__future_take_error(sp_future *future)
{
  if (future->state == SP__CANCELLED) return take_cancelled(future);
  future->retrieved = true;
  return sp__fail_with(future->result, future->detail);
}

int sp__futures_check(sp_loop *loop, sp_future *const *futures, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    if (!futures || !futures[i]) return sp__fail(SP_EINVAL, "the future is NULL");
    if (futures[i]->loop != loop) {
      return sp__fail(SP_EINVAL, "The future belongs to a different loop");
    }
  }
  return 0;
}

/* --- lifetime --- */

static void forget_callbacks(sp_future *future);

static void end_if_unused(sp_future *future)
{
  if (future->kind == SP__TASK) {
    sp__task_end_if_unused(sp__task_of(future));
  } else if (future->dropped && future->refs == 0) {
    bool lost = sp__future_failed(future) && !future->retrieved;
    if (lost) sp__report(future->loop, "Future exception was never retrieved", future);
    sp__future_close(future);
    free(future);
  }
}

void sp__future_unref(sp_future *future)
{
  assert(future->refs > 0);
  future->refs--;
  end_if_unused(future);
}

void sp__future_release_handle(sp_future *future)
{
  if (future->kind == SP__TASK) sp__task_release_handle(sp__task_of(future));
}

void sp__future_return_handle(sp_future *future)
{
  sp__future_ref(future);
  sp__future_release_handle(future);
  sp__future_unref(future);
}

/* Callbacks that are in the ready queue still run. */
void sp_future_free(sp_future *future)
{
  if (!future || future->kind == SP__TASK) return;
  forget_callbacks(future);
  future->dropped = true;
  end_if_unused(future);
}

/* --- public functions --- */

sp_future *sp_future_new_from(const char *where)
{
  sp_loop *loop = sp__loop_here();
  return loop ? sp_loop_create_future_from(loop, where) : NULL;
}

sp_future *sp_loop_create_future_from(sp_loop *loop, const char *where)
{
  if (sp__loop_closed(loop) < 0) return NULL;
  sp_future *future = malloc(sizeof *future);
  if (!future) {
    sp__fail(SP_ENOMEM, NULL);
    return NULL;
  }
  sp__future_open(future, loop);
  future->created = where;
  return future;
}

int sp_future_set_result(sp_future *future, int result)
{
  if (future->kind == SP__TASK)
    return sp__fail(SP_EINVALIDSTATE, "Task does not support set_result operation");
  if (result < 0)
    return sp__fail(SP_EINVAL, "the result must be >= 0; use sp_future_set_error for an error");
  if (future->state != SP__PENDING) return sp__fail(SP_EINVALIDSTATE, "the future is already done");
  sp__future_finish(future, result, NULL);
  return 0;
}

int sp_future_set_error(sp_future *future, int code, const char *message)
{
  if (future->kind == SP__TASK)
    return sp__fail(SP_EINVALIDSTATE, "Task does not support set_exception operation");
  if (code >= 0)
    return sp__fail(SP_EINVAL,
                    "error code must be negative; use sp_future_set_result for a result");
  if (future->state != SP__PENDING) return sp__fail(SP_EINVALIDSTATE, "the future is already done");
  sp__detail *detail = sp__detail_new(message);
  if (code == SP_ECANCELED) {
    sp__future_finish_cancelled(future, detail);
  } else {
    sp__future_finish(future, code, detail);
  }
  sp__detail_unref(detail);
  return 0;
}

bool sp_future_done(const sp_future *future) { return future->state != SP__PENDING; }

bool sp_future_cancelled(const sp_future *future) { return future->state == SP__CANCELLED; }

int sp_future_result(sp_future *future)
{
  if (future->state == SP__PENDING) return sp__fail(SP_EINVALIDSTATE, "Result is not set.");
  return sp__future_take(future);
}

int sp_future_error(sp_future *future)
{
  if (future->state == SP__PENDING) return sp__fail(SP_EINVALIDSTATE, "Exception is not set.");
  int result = sp__future_take(future);
  return result < 0 ? result : 0;
}

/* --- callbacks --- */

typedef struct done_callback {
  sp__waiter waiter;
  sp_future *future;
  sp_done_callback *fn;
  void *arg;
  sp__binding *locals;
} done_callback;

static void forget_callback(done_callback *callback)
{
  sp__locals_unref(callback->locals);
  callback->future->refs--;
  sp__ready_release(&callback->future->loop->ready);
  free(callback);
}

static void done_callback_free(done_callback *callback)
{
  sp_future *future = callback->future;
  forget_callback(callback);
  end_if_unused(future);
}

static void done_callback_run(sp__runnable *runnable)
{
  done_callback *callback = SP__OWNER(runnable, done_callback, waiter.runnable);
  sp_loop *loop = callback->future->loop;
  sp__locals_enter(loop, callback->locals);
  callback->locals = NULL;
  if (!loop->closed) callback->fn(callback->future, callback->arg);
  sp__locals_enter(loop, NULL);
  done_callback_free(callback);
}

int sp_future_add_done_callback(sp_future *future, sp_done_callback *fn, void *arg)
{
  sp_loop *loop = future->loop;
  if (sp__loop_closed(loop) < 0) return SP_ECLOSED;
  if (sp__ready_reserve(&loop->ready) < 0) return SP_ENOMEM;
  done_callback *callback = malloc(sizeof *callback);
  if (!callback) {
    sp__ready_release(&loop->ready);
    return sp__fail(SP_ENOMEM, NULL);
  }
  *callback =
      (done_callback){.future = future, .fn = fn, .arg = arg, .locals = sp__locals_inherit()};
  callback->waiter.runnable.run = done_callback_run;
  sp__future_ref(future);
  if (future->state == SP__PENDING) {
    sp__future_add_waiter(future, &callback->waiter);
  } else {
    sp__loop_ready(loop, &callback->waiter.runnable);
  }
  return 0;
}

static bool is_callback(const sp__waiter *waiter, sp_done_callback *fn, void *arg)
{
  if (waiter->runnable.run != done_callback_run) return false;
  const done_callback *callback = SP__OWNER(waiter, const done_callback, waiter);
  return !fn || (callback->fn == fn && callback->arg == arg);
}

/* Removes the callbacks with this fn and arg; fn NULL: all of them. A future that has any is
 * pending, so none of them was its last reference. */
static int take_callbacks_out(sp_future *future, sp_done_callback *fn, void *arg)
{
  int removed = 0;
  sp__waiter *waiter = future->first;
  future->first = future->last = NULL;
  while (waiter) {
    sp__waiter *next = waiter->next;
    if (is_callback(waiter, fn, arg)) {
      forget_callback(SP__OWNER(waiter, done_callback, waiter));
      removed++;
    } else {
      sp__future_add_waiter(future, waiter);
    }
    waiter = next;
  }
  return removed;
}

int sp_future_remove_done_callback(sp_future *future, sp_done_callback *fn, void *arg)
{
  return fn ? take_callbacks_out(future, fn, arg) : 0;
}

static void forget_callbacks(sp_future *future) { take_callbacks_out(future, NULL, NULL); }

/* Each list is walked once, however many waiters it has: no future is waited for any more. */
void sp__future_forget_waiters(sp_future *future)
{
  if (future->seen) return;
  sp__waiter *waiter = future->first;
  future->seen = true;
  future->first = future->last = NULL;
  while (waiter) {
    sp__waiter *next = waiter->next;
    if (is_callback(waiter, NULL, NULL)) sp__future_add_waiter(future, waiter);
    waiter = next;
  }
}

void sp__future_empty(sp_future *future)
{
  sp__detail_unref(future->detail);
  future->detail = NULL;
  forget_callbacks(future);
}
