/* Tasks: coroutines that the loop runs, step by step, and how they are asked to stop. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"

enum { DEFAULT_STACK = 65536, REPR_ROOM = 512 };

/* --- life --- */

static void entry(sp__coroutine *coroutine)
{
  sp__task *task = (sp__task *)(void *)coroutine;
  task->future.result = task->fn(task->arg);
}

static void release_if_unused(sp__task *task)
{
  bool in_use = task->handles > 0 || task->awaiting > 0 || task->future.state == SP__PENDING;
  if (!in_use) sp__task_end(task);
}

/* The function has returned, or was never called: the future takes its result. */
static void finish(sp__task *task)
{
  sp_future *future = &task->future;
  int result = future->result;
  const char *message = task->message.code == result ? task->message.text : NULL;
  if (task->must_cancel && result >= 0) {
    sp__future_finish_cancelled(future, task->cancel_message);
  } else if (result == SP_ECANCELED) {
    sp__future_finish_cancelled(future, message);
  } else {
    sp__future_finish(future, result, result < 0 ? message : NULL);
  }
  release_if_unused(task);
}

void sp__task_step(sp__handle *handle)
{
  sp__task *task = SP__OWNER(handle, sp__task, waiter.handle);
  sp_loop *loop = task->future.loop;
  task->waiting_on = NULL;
  if (task->must_cancel && !task->started) {
    task->future.result = SP_ECANCELED;
    task->message.code = SP_ECANCELED;
    task->message.text = task->cancel_message;
    task->cancel_message = NULL;
    finish(task);
    return;
  }
  task->started = true;
  loop->current = task;
  sp__coroutine_resume(&task->coroutine);
  loop->current = NULL;
  if (task->coroutine.finished) finish(task);
}

static void link_task(sp_loop *loop, sp__task *task)
{
  task->previous = loop->tasks_last;
  if (loop->tasks_last) {
    loop->tasks_last->next = task;
  } else {
    loop->tasks_first = task;
  }
  loop->tasks_last = task;
}

static void unlink_task(sp_loop *loop, sp__task *task)
{
  if (task->previous) {
    task->previous->next = task->next;
  } else {
    loop->tasks_first = task->next;
  }
  if (task->next) {
    task->next->previous = task->previous;
  } else {
    loop->tasks_last = task->previous;
  }
}

static sp__task *task_allocate(sp_loop *loop, const sp_task_options *options)
{
  size_t stack_size = options && options->stack_size ? options->stack_size : DEFAULT_STACK;
  char *name = NULL;
  if (options && options->name && !(name = sp__message_copy(options->name))) return NULL;
  if (sp__ready_reserve(&loop->ready) < 0) {
    free(name);
    return NULL;
  }
  sp__task *task = sp__coroutine_new(loop->stacks, sizeof *task, stack_size, entry);
  if (!task) {
    sp__ready_release(&loop->ready);
    free(name);
    return NULL;
  }
  task->name = name;
  return task;
}

sp_task *sp__task_new(sp_loop *loop, sp_coroutine *fn, void *arg, const sp_task_options *options,
                      const char *fn_name, const char *where)
{
  sp__task *task = task_allocate(loop, options);
  if (!task) {
    sp__fail(SP_ENOMEM, "no memory for a task");
    return NULL;
  }
  task->future.loop = loop;
  task->future.is_task = true;
  task->waiter.handle.run = sp__task_step;
  task->fn = fn;
  task->arg = arg;
  task->fn_name = fn_name;
  task->created = task->where = where;
  task->number = ++loop->task_count;
  task->handles = 1;
  link_task(loop, task);
  sp__loop_ready(loop, &task->waiter.handle);
  return &task->future;
}

sp_task *sp_create_task_at(sp_coroutine *fn, void *arg, const sp_task_options *options,
                           const char *fn_name, const char *where)
{
  if (sp__loop_current) return sp__task_new(sp__loop_current, fn, arg, options, fn_name, where);
  sp__fail(SP_ENOTASK, "no running event loop");
  return NULL;
}

static void report_unretrieved(const sp__task *task)
{
  const sp_future *future = &task->future;
  if (future->state != SP__FINISHED || future->result >= 0 || future->retrieved) return;
  char text[REPR_ROOM];
  sp_repr(future, text, sizeof text);
  fprintf(stderr, "Task exception was never retrieved\nfuture: %s\n", text);
}

void sp__task_end(sp__task *task)
{
  sp_loop *loop = task->future.loop;
  report_unretrieved(task);
  unlink_task(loop, task);
  sp__future_close(&task->future);
  free(task->name);
  free(task->cancel_message);
  free(task->message.text);
  sp__ready_release(&loop->ready);
  sp__coroutine_free(loop->stacks, &task->coroutine);
}

sp_task *sp_task_ref(sp_task *handle)
{
  sp__task_of(handle)->handles++;
  return handle;
}

void sp_task_detach(sp_task *handle)
{
  sp__task *task = sp__task_of(handle);
  task->handles--;
  release_if_unused(task);
}

/* --- suspending --- */

sp_task *sp_task_current(void)
{
  sp__task *task = sp__task_running();
  return task ? &task->future : NULL;
}

sp__task *sp__task_suspendable(void)
{
  sp__task *task = sp__task_running();
  if (task && sp__switch_barriers == 0) return task;
  sp__fail(SP_ENOTASK,
           task ? "nothing can be suspended here: a JavaScript function called this one"
                : "nothing can be suspended here: no task is running (sp_run, sp_create_task)");
  return NULL;
}

static int deliver_cancel(sp__task *task)
{
  task->must_cancel = false;
  return sp__fail(SP_ECANCELED, task->cancel_message);
}

int sp__task_yield(sp__task *task, const char *where)
{
  task->where = where;
  sp__ready_push(&task->future.loop->ready, &task->waiter.handle);
  sp__coroutine_suspend(&task->coroutine);
  return task->must_cancel ? deliver_cancel(task) : 0;
}

int sp__task_wait(sp__task *task, sp_future *future, const char *where)
{
  if (future->state == SP__PENDING) {
    task->where = where;
    task->waiting_on = future;
    sp__future_add_waiter(future, &task->waiter);
    if (task->must_cancel && sp_future_cancel(future, task->cancel_message)) {
      task->must_cancel = false;
    }
    sp__coroutine_suspend(&task->coroutine);
    if (task->must_cancel) {
      future->retrieved = true;
      return deliver_cancel(task);
    }
  }
  return sp__future_take(future);
}

/* Whether the task waits, itself or through others, for the one that is to wait for it. */
static bool waits_for(const sp_future *future, const sp__task *task)
{
  while (future && future->is_task && future->state == SP__PENDING) {
    if (future == &task->future) return true;
    future = sp__task_of(future)->waiting_on;
  }
  return false;
}

/* Several tasks may await one: it stays till the last has its result. */
static int await_task(sp__task *task, sp__task *awaited, const char *where)
{
  awaited->awaiting++;
  int result = sp__task_wait(task, &awaited->future, where);
  awaited->awaiting--;
  if (awaited->handles > 0) awaited->handles--;
  release_if_unused(awaited);
  return result;
}

int sp_await_at(sp_future *future, const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  if (!future) return sp__fail(SP_EINVAL, "nothing to await: NULL");
  if (waits_for(future, task)) return sp__fail(SP_EINVAL, "Task cannot await on itself");
  if (!future->is_task) return sp__task_wait(task, future, where);
  return await_task(task, sp__task_of(future), where);
}

/* --- cancelling --- */

void sp__task_cancel_later(sp__task *task, const char *message)
{
  char *copy = sp__message_copy(message);
  task->must_cancel = true;
  free(task->cancel_message);
  task->cancel_message = copy;
}

/* A task that awaits another passes the request on, to the last of the chain. */
bool sp_task_cancel(sp_task *handle, const char *message)
{
  if (!handle->is_task) return sp__future_cancel_plain(handle, message);
  if (handle->state != SP__PENDING) return false;
  for (sp__task *task = sp__task_of(handle);;) {
    task->cancels++;
    sp_future *awaited = task->waiting_on;
    if (!awaited || awaited->state != SP__PENDING) {
      sp__task_cancel_later(task, message);
      return true;
    }
    if (!awaited->is_task) return sp__future_cancel_plain(awaited, message);
    task = sp__task_of(awaited);
  }
}

int sp_task_uncancel(sp_task *handle)
{
  sp__task *task = sp__task_of(handle);
  if (task->cancels > 0 && --task->cancels == 0) task->must_cancel = false;
  return task->cancels;
}

int sp_task_cancelling(const sp_task *handle) { return sp__task_of(handle)->cancels; }

/* --- names --- */

static void write_name(const sp__task *task, char *text, size_t size)
{
  if (task->name) {
    snprintf(text, size, "%s", task->name);
  } else {
    snprintf(text, size, "Task-%llu", (unsigned long long)task->number);
  }
}

const char *sp_task_name(sp_task *handle)
{
  sp__task *task = sp__task_of(handle);
  if (!task->name) {
    char text[32];
    write_name(task, text, sizeof text);
    task->name = sp__message_copy(text);
  }
  return task->name ? task->name : "Task";
}

int sp_task_set_name(sp_task *handle, const char *name)
{
  sp__task *task = sp__task_of(handle);
  char *copy = sp__message_copy(name);
  if (name && !copy) return sp__fail(SP_ENOMEM, NULL);
  free(task->name);
  task->name = copy;
  return 0;
}

static const char *file_name(const char *where)
{
  const char *slash = strrchr(where, '/');
  return slash ? slash + 1 : where;
}

static const char *state_name(const sp_future *future)
{
  static const char *const names[] = {"pending", "cancelled", "finished"};
  bool asked = future->is_task && sp__task_of(future)->cancels > 0;
  return asked && future->state == SP__PENDING ? "cancelling" : names[future->state];
}

static void write_outcome(const sp_future *future, char *text, size_t size)
{
  if (future->state != SP__FINISHED) {
    text[0] = '\0';
  } else if (future->result >= 0) {
    snprintf(text, size, " result=%d", future->result);
  } else {
    const char *message = future->message ? future->message : sp_strerror(future->result);
    snprintf(text, size, " exception=%s(%d, '%s')", sp_error_name(future->result), future->result,
             message);
  }
}

size_t sp_repr(const sp_future *future, char *text, size_t size)
{
  char outcome[REPR_ROOM / 2];
  write_outcome(future, outcome, sizeof outcome);
  if (!future->is_task) {
    return (size_t)snprintf(text, size, "<Future %s%s>", state_name(future), outcome);
  }
  const sp__task *task = sp__task_of(future);
  bool pending = future->state == SP__PENDING;
  char name[REPR_ROOM / 4];
  write_name(task, name, sizeof name);
  return (size_t)snprintf(text, size, "<Task %s name='%s' coro=<%s() %s at %s>%s>",
                          state_name(future), name, task->fn_name,
                          pending ? "running" : "done, created",
                          file_name(pending ? task->where : task->created), outcome);
}

void sp__coroutine_overran(const sp__coroutine *coroutine)
{
  const sp__task *task = (const sp__task *)(const void *)coroutine;
  char text[REPR_ROOM];
  char name[REPR_ROOM / 4];
  write_name(task, name, sizeof name);
  snprintf(text, sizeof text,
           "spindle: stack overflow in task '%s', %s(): it needs more than its %zu bytes of stack; "
           "raise sp_task_options.stack_size\n",
           name, task->fn_name, sp__coroutine_stack_size(coroutine));
  sp__host_complain(text);
}
