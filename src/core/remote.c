/* A task created from another thread: concurrent.futures.Future, as run_coroutine_threadsafe
 * returns it.
 *
 * The program's handle and the loop each have a reference; the last to release it frees it. The
 * mailbox's mutex guards what both touch. Cancelling ends it at once, as on CPython; the task is
 * notified, and ends later. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/future.h"
#include "core/list.h"
#include "core/local.h"
#include "core/loop.h"
#include "core/mailbox.h"
#include "core/ready.h"
#include "host/host.h"
#include "spindle.h"

struct sp_remote_task {
  sp__mailbox *mailbox;
  sp__cond *ended;
  sp__mailbox_message start;
  sp__mailbox_message cancel;      /* sent at most once */
  sp_remote_task *previous, *next; /* all that the loop has */
  sp_coroutine *fn;
  void *arg;
  sp_task_options options;
  char *name; /* the copy in `options` */
  const char *fn_name;
  const char *where;
  sp__binding *locals; /* of the caller */
  sp_task *task;       /* only for the loop's thread; NULL before and after */
  char *message;
  int result;
  enum sp__state state;
  int refs;
  bool started;                      /* the task exists, or has existed */
  bool cancelling;                   /* the `cancel` message is on its way */
  _Alignas(max_align_t) char copy[]; /* of what `arg` pointed to, if it is to be copied */
};

static void lock(sp_remote_task *remote) { sp__host_mutex_lock(remote->mailbox->mutex); }

static void unlock(sp_remote_task *remote) { sp__host_mutex_unlock(remote->mailbox->mutex); }

/* --- references --- */

static void free_remote(sp_remote_task *remote)
{
  sp__host_cond_free(remote->ended);
  sp__locals_unref(remote->locals);
  free(remote->name);
  free(remote->message);
  free(remote);
}

static void destroy(sp_remote_task *remote)
{
  sp__mailbox *mailbox = remote->mailbox;
  free_remote(remote);
  sp__mailbox_unref(mailbox);
}

static void unlock_and_unref(sp_remote_task *remote)
{
  bool unused = --remote->refs == 0;
  unlock(remote);
  if (unused) destroy(remote);
}

/* Releases the loop's reference if nothing can reach the task from there any more. */
static void unlock_and_leave(sp_remote_task *remote)
{
  if (remote->task || remote->cancelling) {
    unlock(remote);
    return;
  }
  SP__LIST_REMOVE(&remote->mailbox->remote_tasks, remote);
  unlock_and_unref(remote);
}

/* --- on the loop's thread --- */

/* Takes ownership of `message`. */
static void settle(sp_remote_task *remote, enum sp__state state, int result, char *message)
{
  if (remote->state != SP__PENDING) {
    free(message);
    return;
  }
  remote->state = state;
  remote->result = result;
  remote->message = message;
  sp__host_cond_broadcast(remote->ended);
}

static void task_ended(sp_future *task, void *arg)
{
  sp_remote_task *remote = arg;
  enum sp__state state = sp_future_cancelled(task) ? SP__CANCELLED : SP__FINISHED;
  int result = sp__future_take(task);
  char *message = sp__message_of(result);
  sp_task_detach(task);
  lock(remote);
  remote->task = NULL;
  settle(remote, state, result, message);
  unlock_and_leave(remote);
}

/* NULL, with an error, if there is none: a factory may have reasons of its own. */
static sp_task *start_task(sp_remote_task *remote)
{
  sp_loop *loop = remote->mailbox->loop;
  sp__fail(SP_OK, NULL);
  sp__locals_enter(loop, sp__locals_ref(remote->locals));
  sp_task *task = sp_loop_create_task_from(loop, remote->fn, remote->arg, &remote->options,
                                           remote->fn_name, remote->where);
  sp__locals_enter(loop, NULL);
  if (!task || sp_future_add_done_callback(task, task_ended, remote) == 0) return task;
  sp_task_cancel(task, NULL);
  sp_task_detach(task);
  return NULL;
}

/* The loop's exception handler is called, too, as for a callback that raised in asyncio. */
static void could_not_start(sp_remote_task *remote)
{
  int code = sp__last_code() < 0 ? sp__last_code() : SP_ENOMEM;
  char *message = sp__message_of(code);
  sp_loop_call_exception_handler(remote->mailbox->loop,
                                 &(sp_report){.message = "cannot create a task for another thread",
                                              .code = code,
                                              .error_message = message});
  lock(remote);
  settle(remote, SP__FINISHED, code, message);
  unlock_and_leave(remote);
}

static void run_message(void *arg)
{
  sp__mailbox_message *message = arg;
  message->runnable.run(&message->runnable);
}

/* In the loop's thread this is call_soon; if there is no memory for that, as from another
 * thread. */
static void send_and_unlock(sp_remote_task *remote, sp__mailbox_message *message)
{
  sp__mailbox *mailbox = remote->mailbox;
  bool here = sp__loop_runs_here(mailbox->loop);
  if (!here) sp__mailbox_put(mailbox, message);
  unlock(remote);
  if (!here) return;
  sp_handle call = sp_loop_call_soon(mailbox->loop, run_message, message);
  if (!call.call) sp__mailbox_send(mailbox, message);
}

static void send_cancel_and_unlock(sp_remote_task *remote)
{
  remote->cancelling = true;
  send_and_unlock(remote, &remote->cancel);
}

static void on_cancel(sp__runnable *runnable)
{
  sp_remote_task *remote = SP__OWNER(runnable, sp_remote_task, cancel.runnable);
  if (remote->mailbox->loop->closed) return;
  if (remote->task) sp_task_cancel(remote->task, NULL);
  lock(remote);
  remote->cancelling = false;
  unlock_and_leave(remote);
}

/* If cancelled before it began, the task begins all the same and is cancelled next, as on
 * CPython. */
static void on_start(sp__runnable *runnable)
{
  sp_remote_task *remote = SP__OWNER(runnable, sp_remote_task, start.runnable);
  if (remote->mailbox->loop->closed) return;
  sp_task *task = start_task(remote);
  if (!task) {
    could_not_start(remote);
    return;
  }
  lock(remote);
  remote->task = task;
  remote->started = true;
  if (remote->state == SP__CANCELLED) {
    send_cancel_and_unlock(remote);
  } else {
    unlock(remote);
  }
}

void sp__remote_tasks_close(sp__mailbox *mailbox)
{
  while (mailbox->remote_tasks.first) {
    sp_remote_task *remote = mailbox->remote_tasks.first;
    lock(remote);
    settle(remote, SP__CANCELLED, SP_ECANCELED, sp__message_copy(sp_strerror(SP_ECLOSED)));
    remote->task = NULL;
    remote->cancelling = false;
    unlock_and_leave(remote);
  }
}

/* --- from any thread --- */

static sp_remote_task *allocate(sp__mailbox *mailbox, size_t arg_size)
{
  bool fits = arg_size <= SIZE_MAX - sizeof(sp_remote_task);
  sp_remote_task *remote = fits ? calloc(1, sizeof *remote + arg_size) : NULL;
  if (!remote) return NULL;
  remote->ended = sp__host_cond_new();
  if (!remote->ended) {
    free(remote);
    return NULL;
  }
  remote->mailbox = mailbox;
  remote->refs = 2;
  remote->start.runnable.run = on_start;
  remote->cancel.runnable.run = on_cancel;
  return remote;
}

/* Copies the options: the caller may change or free them as soon as the call returns. */
static int take_options(sp_remote_task *remote, const sp_task_options *options)
{
  if (!options) return 0;
  remote->options = *options;
  if (options->arg_size > 0) remote->arg = memcpy(remote->copy, remote->arg, options->arg_size);
  remote->options.name = remote->name = sp__message_copy(options->name);
  return options->name && !remote->name ? SP_ENOMEM : 0;
}

/* Sends it to the loop. Returns 0 on success, or SP_ECLOSED if the loop is closed. */
static int enter(sp_remote_task *remote)
{
  lock(remote);
  if (remote->mailbox->closed) {
    unlock(remote);
    return SP_ECLOSED;
  }
  remote->mailbox->refs++;
  SP__LIST_APPEND(&remote->mailbox->remote_tasks, remote);
  send_and_unlock(remote, &remote->start);
  return 0;
}

static sp_remote_task *failed(int code)
{
  sp__fail(code, NULL);
  return NULL;
}

sp_remote_task *sp_run_coroutine_threadsafe_from(sp_loop *loop, sp_coroutine *fn, void *arg,
                                                 const sp_task_options *options,
                                                 const char *fn_name, const char *where)
{
  if (!loop) return failed(SP_EINVAL);
  sp_remote_task *remote = allocate(loop->mailbox, options ? options->arg_size : 0);
  if (!remote) return failed(SP_ENOMEM);
  remote->fn = fn;
  remote->arg = arg;
  remote->fn_name = fn_name;
  remote->where = where;
  remote->locals = sp__locals_inherit();
  int error = take_options(remote, options);
  if (error == 0) error = enter(remote);
  if (error == 0) return remote;
  free_remote(remote);
  return failed(error);
}

/* The caller holds the mutex. Returns 0 when the task has ended, else an error. */
static int await_end(sp_remote_task *remote, double timeout)
{
  double end = sp__host_now(NULL) + timeout;
  while (remote->state == SP__PENDING) {
    if (sp__loop_runs_here(remote->mailbox->loop)) return SP_EINVALIDSTATE;
    double left = end - sp__host_now(NULL);
    if (!(left > 0)) return SP_ETIMEDOUT;
    sp__host_cond_wait(remote->ended, remote->mailbox->mutex, left);
  }
  return 0;
}

int sp_remote_task_result(sp_remote_task *task, double timeout)
{
  if (isnan(timeout)) return sp__fail(SP_EINVAL, "Invalid timeout: NaN (not a number)");
  lock(task);
  int error = await_end(task, timeout);
  unlock(task);
  if (error == SP_EINVALIDSTATE) return sp__fail(error, "Result is not set.");
  if (error < 0) return sp__fail(error, NULL);
  return task->result < 0 ? sp__fail(task->result, task->message) : task->result;
}

bool sp_remote_task_done(sp_remote_task *task)
{
  lock(task);
  bool done = task->state != SP__PENDING;
  unlock(task);
  return done;
}

bool sp_remote_task_cancel(sp_remote_task *task)
{
  lock(task);
  bool first = task->state == SP__PENDING;
  bool cancelled = first || task->state == SP__CANCELLED;
  settle(task, SP__CANCELLED, SP_ECANCELED, NULL);
  if (first && task->started) {
    send_cancel_and_unlock(task);
  } else {
    unlock(task);
  }
  return cancelled;
}

void sp_remote_task_free(sp_remote_task *task)
{
  if (!task) return;
  lock(task);
  unlock_and_unref(task);
}
