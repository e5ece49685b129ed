/* Tasks: coroutines that the loop runs, step by step. */
#include <stdlib.h>

#include "core/error.h"
#include "core/future.h"
#include "core/iteration.h"
#include "core/list.h"
#include "core/local.h"
#include "core/loop.h"
#include "core/ready.h"
#include "core/report.h"
#include "core/step.h"
#include "core/suspend.h"
#include "core/task.h"
#include "spindle.h"
#include "switch/switch.h"

enum { DEFAULT_STACK = 65536, STACK_A_COPY = 8 };

/* --- lifetime --- */

static inline void end_if_unused(sp__task *task)
{
  sp_future *future = &task->future;
  bool in_use = task->handles > 0 || future->refs > 0 || future->state == SP__PENDING;
  if (!in_use) sp__task_end(task);
}

void sp__task_end_if_unused(sp__task *task) { end_if_unused(task); }

static inline void after_finish(sp__task *task)
{
  sp_loop *loop = task->future.loop;
  loop->tasks.pending--;
  if (task->ends_with_run) sp__loop_task_ended(loop);
  end_if_unused(task);
}

/* The function has returned, or was never called: the future takes its result. */
static void finish(sp__task *task)
{
  sp_future *future = &task->future;
  int result = future->result = task->coroutine.result;
  sp__detail *detail = task->message.code == result ? task->message.detail : NULL;
  if (task->must_cancel && result >= 0) {
    sp__future_finish_cancelled(future, task->cancel_detail);
  } else if (result == SP_ECANCELED) {
    sp__future_finish_cancelled(future, detail);
  } else {
    sp__future_finish(future, result, result < 0 ? detail : NULL);
  }
  after_finish(task);
}

/* Cancelled before it began: its function is never called. */
static void end_unstarted(sp__task *task)
{
  task->coroutine.result = SP_ECANCELED;
  task->message = (sp__message){.code = SP_ECANCELED, .detail = task->cancel_detail};
  task->cancel_detail = NULL;
  finish(task);
}

static void begin_eagerly(sp__task *creator)
{
  sp__task *eager = creator->eager;
  creator->eager = NULL;
  sp__task_first_step(&eager->waiter.runnable);
}

/* Continues in another coroutine, or in the same one after an eager task has made its first
 * step. */
static __attribute__((noinline)) void hand_off(sp_loop *loop, sp__task *task)
{
  uint32_t steps = sp__loop_hold(loop);
  while (task->handoff) {
    task->handoff = false;
    loop->current = task;
    if (task->eager) begin_eagerly(task);
    sp__coroutine_resume(task->active);
  }
  sp__loop_release(loop, steps);
}

void sp__task_came_back(sp__task *task, sp__task *creator)
{
  sp_loop *loop = task->future.loop;
  if (task->handoff) hand_off(loop, task);
  loop->current = creator;
  if (task->coroutine.finished) finish(task);
}

void sp__task_step(sp__runnable *runnable)
{
  sp__task *task = SP__OWNER(runnable, sp__task, waiter.runnable);
  sp_loop *loop = task->future.loop;
  sp__task_go_on(loop, task, loop->current);
}

bool sp__task_begins(sp__runnable *runnable)
{
  if (runnable->run != sp__task_first_step) return false;
  if (SP__OWNER(runnable, sp__task, waiter.runnable)->must_cancel) return false;
  runnable->run = sp__task_step;
  return true;
}

void sp__task_first_step(sp__runnable *runnable)
{
  sp__task *task = SP__OWNER(runnable, sp__task, waiter.runnable);
  if (sp__task_begins(runnable)) {
    sp__task_step(runnable);
  } else {
    end_unstarted(task);
  }
}

/* A task that has ended well, with nothing to report, switches straight to the next task, as a
 * suspending one does. */
sp__coroutine *sp__coroutine_ended(sp__coroutine *self)
{
  sp_loop *loop = sp__loop_current;
  sp__task *task = loop->current;
  bool can_lead_on =
      loop->iteration.direct && loop->iteration.steps > 0 && self == &task->coroutine;
  if (!can_lead_on || self->result < 0 || task->must_cancel || task->ends_with_run) return NULL;
  loop->current = NULL;
  sp__future_finish(&task->future, self->result, NULL);
  after_finish(task);
  sp__task *next = sp__task_next(loop);
  return next ? next->active : NULL;
}

static inline size_t stack_size(const sp_task_options *options)
{
  return options && options->stack_size ? options->stack_size : DEFAULT_STACK;
}

size_t sp__stack_size(const sp_task_options *options)
{
  size_t size = stack_size(options);
  size_t copy = options ? options->arg_size : 0;
  if (copy <= size / STACK_A_COPY) return size;
  return copy < SIZE_MAX / STACK_A_COPY ? copy * STACK_A_COPY : SIZE_MAX;
}

void *sp__coroutine_for(sp_loop *loop, size_t owner_size, void *arg, const sp_task_options *options)
{
  if (options && options->arg_size > 0) {
    return sp__coroutine_new_copying(loop->stacks.pool, owner_size, sp__stack_size(options), arg,
                                     options->arg_size);
  }
  sp__coroutine *made = sp__coroutine_new(loop->stacks.pool, owner_size, stack_size(options));
  if (made) made->arg = arg;
  return made;
}

static sp__task *task_allocate(sp_loop *loop, void *arg, const sp_task_options *options)
{
  char *name = NULL;
  if (options && options->name && !(name = sp__message_copy(options->name))) return NULL;
  if (sp__ready_reserve(&loop->ready) < 0) {
    free(name);
    return NULL;
  }
  sp__task *task = sp__coroutine_for(loop, sizeof *task, arg, options);
  if (!task) {
    sp__ready_release(&loop->ready);
    free(name);
    return NULL;
  }
  task->name = name;
  return task;
}

static _Thread_local uint64_t last_id;

static sp__task *task_new(sp_loop *loop, sp_coroutine *fn, void *arg,
                          const sp_task_options *options, const char *fn_name, const char *where)
{
  sp__task *task = task_allocate(loop, arg, options);
  if (!task) {
    sp__fail_no_stack("a task", sp__stack_size(options));
    return NULL;
  }
  task->active = &task->coroutine;
  task->future.loop = loop;
  task->future.kind = SP__TASK;
  task->waiter.runnable.run = sp__task_first_step;
  task->coroutine.entry = fn;
  task->fn_name = fn_name;
  task->future.created = task->where = where;
  task->since = loop->clock.now;
  task->locals = sp__locals_inherit();
  if (!task->name) task->number = ++loop->tasks.unnamed;
  task->id = ++last_id;
  loop->tasks.pending++;
  task->handles = 1;
  SP__LIST_APPEND(&loop->tasks, task);
  return task;
}

/* The first step of an eager task runs on the loop's stack: at once if the caller is on it, else as
 * soon as the creator has switched to it. Tasks that this step creates go through the factory, even
 * when it is the factory that waits for the step. */
static void begin_at_once(sp_loop *loop, sp__task *task)
{
  sp__task *creator = loop->current;
  bool in_factory = loop->factory.entered;
  loop->factory.entered = false;
  if (creator) {
    creator->eager = task;
    sp__task_hand_off(creator, creator->active);
  } else {
    sp__task_first_step(&task->waiter.runnable);
  }
  loop->factory.entered = in_factory;
}

static bool is_eager(const sp_loop *loop, const sp_task_options *options)
{
  bool wanted = options && options->eager_start;
  return wanted && loop == sp__loop_current && sp__unsuspendable_depth == 0;
}

static sp_task *make_in_factory(sp_loop *loop, sp_coroutine *fn, void *arg,
                                const sp_task_options *options, const char *fn_name,
                                const char *where)
{
  loop->factory.entered = true;
  sp_task *made = loop->factory.fn(loop, fn, arg, options, fn_name, where, loop->factory.arg);
  loop->factory.entered = false;
  return made;
}

sp_task *sp_loop_create_task_from(sp_loop *loop, sp_coroutine *fn, void *arg,
                                  const sp_task_options *options, const char *fn_name,
                                  const char *where)
{
  if (sp__loop_closed(loop) < 0) return NULL;
  if (loop->factory.fn && !loop->factory.entered) {
    return make_in_factory(loop, fn, arg, options, fn_name, where);
  }
  sp__task *task = task_new(loop, fn, arg, options, fn_name, where);
  if (!task) return NULL;
  if (is_eager(loop, options)) {
    begin_at_once(loop, task);
  } else {
    sp__loop_ready(loop, &task->waiter.runnable);
  }
  return &task->future;
}

void sp_loop_set_task_factory(sp_loop *loop, sp_task_factory *factory, void *factory_arg)
{
  loop->factory.fn = factory;
  loop->factory.arg = factory_arg;
}

sp_task *sp_create_task_from(sp_coroutine *fn, void *arg, const sp_task_options *options,
                             const char *fn_name, const char *where)
{
  sp_loop *loop = sp__loop_here();
  return loop ? sp_loop_create_task_from(loop, fn, arg, options, fn_name, where) : NULL;
}

static void report_lost(sp__task *task)
{
  sp_future *future = &task->future;
  if (future->state == SP__PENDING) {
    if (task->is_loops_own) return;
    sp__report(future->loop, "Task was destroyed but it is pending!", future);
  } else if (future->state == SP__FINISHED && future->result < 0 && !future->retrieved) {
    sp__report(future->loop, "Task exception was never retrieved", future);
  }
}

void sp__task_end(sp__task *task)
{
  sp_loop *loop = task->future.loop;
  report_lost(task);
  if (task->future.state == SP__PENDING) loop->tasks.pending--;
  SP__LIST_REMOVE(&loop->tasks, task);
  sp__future_close(&task->future);
  if (task->name) free(task->name);
  sp__locals_unref(task->locals);
  sp__detail_unref(task->cancel_detail);
  sp__detail_unref(task->message.detail);
  sp__ready_release(&loop->ready);
  sp__coroutine_free(&task->coroutine);
}

sp_task *sp_task_ref(sp_task *handle)
{
  sp__task_of(handle)->handles++;
  return handle;
}

void sp_task_detach(sp_task *handle)
{
  if (!handle) return;
  sp__task *task = sp__task_of(handle);
  task->handles--;
  sp__task_end_if_unused(task);
}

/* --- suspending --- */

sp_task *sp_task_current(void)
{
  sp__task *task = sp__task_running();
  return task ? &task->future : NULL;
}

sp__task *sp__task_refuse_to_suspend(void)
{
  sp__fail(SP_ENOTASK, sp__task_running()
                           ? "cannot suspend: called from JavaScript or an exception handler"
                           : "cannot suspend: no task is running (sp_run, sp_create_task)");
  return NULL;
}

void sp__task_hand_off(sp__task *task, sp__coroutine *to)
{
  sp__coroutine *from = task->active;
  task->active = to;
  task->handoff = true;
  sp__coroutine_suspend(from, NULL);
}

sp__task *sp__task_suspendable(void) { return sp__task_here(); }

int sp__task_wait(sp__task *task, sp_future *future, const char *where)
{
  return sp__wait_here(task, future, where);
}

int sp__task_wait_for(sp__task *task, sp__await_frame *awaits, sp_future *future, const char *where)
{
  sp__task_push_await_frame(task, awaits);
  int result = sp__task_wait(task, future, where);
  sp__task_pop_await_frame(task);
  return result;
}

/* Whether the future's task waits, directly or through others, for `task`. A chain may be long: it
 * is not searched if nobody waits for `task`. */
static bool waits_for(const sp_future *future, const sp__task *task)
{
  if (!task->future.first) return future == &task->future;
  while (future && future->kind == SP__TASK && future->state == SP__PENDING) {
    if (future == &task->future) return true;
    future = sp__task_of(future)->waiting_on;
  }
  return false;
}

/* Several tasks may await one: it lives until the last has its result. */
SP__INLINE int await_task(sp__task *task, sp_future *awaited, const char *where)
{
  sp__future_ref(awaited);
  int result = sp__wait_here(task, awaited, where);
  sp__task_release_handle(sp__task_of(awaited));
  awaited->refs--;
  end_if_unused(sp__task_of(awaited));
  return result;
}

/* Returns 0 if the task can await the future, or an error. */
static int check_awaited(const sp__task *task, const sp_future *future)
{
  if (!future) return sp__fail(SP_EINVAL, "the future is NULL");
  if (future->state == SP__PENDING && future->loop != task->future.loop) {
    return sp__fail(SP_EINVAL, "Task got Future attached to a different loop");
  }
  return waits_for(future, task) ? sp__fail(SP_EINVAL, "Task cannot await on itself") : 0;
}

int sp_await_from(sp_future *future, const char *where)
{
  sp__task *task = sp__task_here();
  if (!task) return SP_ENOTASK;
  int error = check_awaited(task, future);
  if (error < 0) return error;
  if (future->kind != SP__TASK) return sp__task_wait(task, future, where);
  return await_task(task, future, where);
}
