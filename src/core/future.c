/* Futures: a result that arrives later, and who is to be told of it. */
#include <stdlib.h>

#include "core/core.h"

void sp__future_open(sp_future *future, sp_loop *loop) { *future = (sp_future){.loop = loop}; }

void sp__future_add_waiter(sp_future *future, sp__waiter *waiter)
{
  waiter->next = NULL;
  if (future->last) {
    future->last->next = waiter;
  } else {
    future->first = waiter;
  }
  future->last = waiter;
}

/* Everybody who waits becomes ready, in the order in which they came. */
static void settle(sp_future *future)
{
  sp__waiter *waiter = future->first;
  future->first = future->last = NULL;
  while (waiter) {
    sp__waiter *next = waiter->next;
    sp__loop_ready(future->loop, &waiter->handle);
    waiter = next;
  }
}

void sp__future_finish(sp_future *future, int result, const char *message)
{
  future->state = SP__FINISHED;
  future->result = result;
  if (message) future->message = sp__message_copy(message);
  settle(future);
}

void sp__future_finish_cancelled(sp_future *future, const char *message)
{
  future->state = SP__CANCELLED;
  if (message) future->message = sp__message_copy(message);
  settle(future);
}

bool sp__future_cancel_plain(sp_future *future, const char *message)
{
  if (future->state != SP__PENDING) return false;
  sp__future_finish_cancelled(future, message);
  return true;
}

int sp__future_take(sp_future *future)
{
  if (future->state == SP__CANCELLED) return sp__fail(SP_ECANCELED, future->message);
  future->retrieved = true;
  return future->result < 0 ? sp__fail(future->result, future->message) : future->result;
}

/* --- the public face --- */

sp_future *sp_future_new(void)
{
  sp_loop *loop = sp__loop_current;
  if (!loop) {
    sp__fail(SP_ENOTASK, "no running event loop");
    return NULL;
  }
  sp_future *future = malloc(sizeof *future);
  if (!future) {
    sp__fail(SP_ENOMEM, NULL);
    return NULL;
  }
  sp__future_open(future, loop);
  return future;
}

void sp_future_free(sp_future *future)
{
  if (!future || future->is_task) return;
  sp__future_close(future);
  free(future);
}

int sp_future_set_result(sp_future *future, int result)
{
  if (future->is_task) return sp__fail(SP_EINVALIDSTATE, "a task sets its own result");
  if (result < 0) return sp__fail(SP_EINVAL, "a result is 0 or more; sp_future_set_error fails it");
  if (future->state != SP__PENDING) return sp__fail(SP_EINVALIDSTATE, "the future is done already");
  sp__future_finish(future, result, NULL);
  return 0;
}

int sp_future_set_error(sp_future *future, int code, const char *message)
{
  if (future->is_task) return sp__fail(SP_EINVALIDSTATE, "a task sets its own error");
  if (code >= 0) return sp__fail(SP_EINVAL, "an error is negative; sp_future_set_result ends well");
  if (future->state != SP__PENDING) return sp__fail(SP_EINVALIDSTATE, "the future is done already");
  if (code == SP_ECANCELED) {
    sp__future_finish_cancelled(future, message);
  } else {
    sp__future_finish(future, code, message);
  }
  return 0;
}

bool sp_future_cancel(sp_future *future, const char *message)
{
  return future->is_task ? sp_task_cancel(future, message)
                         : sp__future_cancel_plain(future, message);
}

bool sp_future_done(const sp_future *future) { return future->state != SP__PENDING; }

bool sp_future_cancelled(const sp_future *future) { return future->state == SP__CANCELLED; }

int sp_future_result(sp_future *future)
{
  if (future->state == SP__PENDING) return sp__fail(SP_EINVALIDSTATE, "Result is not set.");
  return sp__future_take(future);
}

/* --- who is to be told: callbacks --- */

typedef struct done_callback {
  sp__waiter waiter;
  sp_future *future;
  sp_done_callback *fn;
  void *arg;
} done_callback;

static void forget_callback(done_callback *callback)
{
  sp__ready_release(&callback->future->loop->ready);
  free(callback);
}

/* A callback holds a handle to its task, so that the task is there when it is called. */
static void done_callback_free(done_callback *callback)
{
  sp_future *future = callback->future;
  forget_callback(callback);
  if (future->is_task) sp_task_detach(future);
}

static void done_callback_run(sp__handle *handle)
{
  done_callback *callback = SP__OWNER(handle, done_callback, waiter.handle);
  if (!callback->future->loop->closing) callback->fn(callback->future, callback->arg);
  done_callback_free(callback);
}

int sp_future_add_done_callback(sp_future *future, sp_done_callback *fn, void *arg)
{
  sp_loop *loop = future->loop;
  if (sp__ready_reserve(&loop->ready) < 0) return SP_ENOMEM;
  done_callback *callback = malloc(sizeof *callback);
  if (!callback) {
    sp__ready_release(&loop->ready);
    return sp__fail(SP_ENOMEM, NULL);
  }
  *callback = (done_callback){.future = future, .fn = fn, .arg = arg};
  callback->waiter.handle.run = done_callback_run;
  if (future->is_task) sp_task_ref(future);
  if (future->state == SP__PENDING) {
    sp__future_add_waiter(future, &callback->waiter);
  } else {
    sp__loop_ready(loop, &callback->waiter.handle);
  }
  return 0;
}

static bool is_callback(const sp__waiter *waiter, sp_done_callback *fn, void *arg)
{
  if (waiter->handle.run != done_callback_run) return false;
  const done_callback *callback = SP__OWNER(waiter, const done_callback, waiter);
  return callback->fn == fn && callback->arg == arg;
}

int sp_future_remove_done_callback(sp_future *future, sp_done_callback *fn, void *arg)
{
  int removed = 0;
  sp__waiter *waiter = future->first;
  future->first = future->last = NULL;
  while (waiter) {
    sp__waiter *next = waiter->next;
    if (is_callback(waiter, fn, arg)) {
      done_callback_free(SP__OWNER(waiter, done_callback, waiter));
      removed++;
    } else {
      sp__future_add_waiter(future, waiter);
    }
    waiter = next;
  }
  return removed;
}

void sp__future_close(sp_future *future)
{
  free(future->message);
  future->message = NULL;
  while (future->first) {
    sp__waiter *waiter = future->first;
    future->first = waiter->next;
    if (waiter->handle.run == done_callback_run) {
      forget_callback(SP__OWNER(waiter, done_callback, waiter));
    }
  }
}
