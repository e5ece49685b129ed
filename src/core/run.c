/* Running a loop: until a future is done, for ever, and its shutdown. */
#include <stdlib.h>

#include "core/cancel.h"
#include "core/error.h"
#include "core/future.h"
#include "core/list.h"
#include "core/local.h"
#include "core/loop.h"
#include "core/ready.h"
#include "core/report.h"
#include "core/task.h"
#include "host/host.h"
#include "spindle.h"
#include "switch/switch.h"

/* --- running --- */

void sp_loop_stop(sp_loop *loop)
{
  loop->run.stopping = true;
  if (loop->run.running && !loop->turning) sp__host_wake(loop->host);
}

static int refuse_run(const sp_loop *loop)
{
  if (loop->closed) return sp__loop_closed(loop);
  if (sp__loop_current == loop) return sp__fail(SP_ERUNNING, NULL);
  if (sp__loop_current) {
    return sp__fail(SP_ERUNNING, "Cannot run the event loop while another loop is running");
  }
  return sp__host_check();
}

/* Runs until something stops the loop; refuse_run has allowed it. */
static int run(sp_loop *loop)
{
  if (!sp__switch_open()) return sp__fail(SP_ENOMEM, "no memory for an event loop");
  sp__loop_current = loop;
  loop->run.running = true;
  loop->run.began = loop->run.deadlocked = false;
  int error = sp__host_run(loop->host);
  loop->run.running = loop->run.stopping = false;
  sp__loop_current = NULL;
  sp__switch_close();
  if (error == 0 && loop->run.deadlocked) return sp__fail(SP_EDEADLOCK, NULL);
  return error;
}

static void stop_when_done(sp__runnable *runnable)
{
  sp_loop_stop(SP__OWNER(runnable, sp_loop, run.stopper.runnable));
}

/* The loop's own waiter, with a slot in the ring from the start: ending a run allocates nothing. */
static int run_until_done(sp_loop *loop, sp_future *future)
{
  int error = refuse_run(loop);
  if (error < 0) return error;
  loop->run.stopper.runnable.run = stop_when_done;
  sp__future_add_waiter(future, &loop->run.stopper);
  if (future->state != SP__PENDING) sp__future_settle(future);
  error = run(loop);
  if (future->state == SP__PENDING) sp__future_remove_waiter(future, &loop->run.stopper);
  if (error < 0 || future->state != SP__PENDING) return error;
  return sp__fail(SP_EINVALIDSTATE, "Event loop stopped before Future completed.");
}

static int complete(sp_loop *loop, sp_future *future)
{
  int error = run_until_done(loop, future);
  return error < 0 ? error : sp__future_take(future);
}

/* Ctrl-C ends a run that has no main task to cancel. A task of the run may free the future. */
int sp_loop_run_until_complete(sp_loop *loop, sp_future *future)
{
  int result = refuse_run(loop);
  if (result == 0) result = sp__futures_check(loop, &future, 1);
  if (result < 0) return result;
  loop->run.interrupts = 0;
  sp__future_ref(future);
  result = complete(loop, future);
  bool interrupted = loop->run.interrupts > 0 && future->state == SP__PENDING;
  sp__future_unref(future);
  return interrupted ? sp__fail(SP_EINTERRUPTED, NULL) : result;
}

int sp_loop_run_forever(sp_loop *loop)
{
  int error = refuse_run(loop);
  if (error < 0) return error;
  loop->run.interrupts = 0;
  error = run(loop);
  if (error == 0 && loop->run.interrupts > 0) return sp__fail(SP_EINTERRUPTED, NULL);
  return error;
}

/* --- shutting down --- */

/* Does nothing if a stopped shutdown left it in the ring, and this one waits for others. */
static void all_are_done(sp__runnable *runnable)
{
  sp_loop *loop = SP__OWNER(runnable, sp_loop, shutdown.last_done);
  bool is_late = loop->shutdown.remaining > 0 || loop->shutdown.all_done.state != SP__PENDING;
  if (!is_late) sp__future_finish(&loop->shutdown.all_done, 0, NULL);
}

/* As the callback of asyncio's gather, in its position after the task's own callbacks; only that of
 * the last task does anything. */
void sp__loop_task_ended(sp_loop *loop)
{
  if (--loop->shutdown.remaining == 0) sp__loop_ready(loop, &loop->shutdown.last_done);
}

/* The host is woken once, not for each task: a page is not to wait for a hundred thousand calls. */
static void cancel_quietly(sp_loop *loop, bool chained)
{
  bool turning = loop->turning;
  loop->turning = true;
  sp__tasks_cancel_all(loop, chained);
  loop->turning = turning;
  if (!turning && sp__ready_count(&loop->ready) > 0) sp__host_wake(loop->host);
}

static void cancel_each(sp_loop *loop)
{
  bool chained = false;
  for (sp__task *task = loop->tasks.first; task; task = task->next) {
    if (task->future.state != SP__PENDING) continue;
    task->ends_with_run = true;
    sp__future_ref(&task->future);
    loop->shutdown.remaining++;
    const sp__task *awaited = sp__task_awaited(task);
    if (awaited && sp__task_awaited(awaited)) chained = true;
  }
  cancel_quietly(loop, chained);
}

/* `next` is read after the exception handler, which may free tasks. */
static sp__task *release_one(sp__task *task)
{
  sp_future *future = &task->future;
  task->ends_with_run = false;
  if (sp__future_failed(future)) {
    future->retrieved = true;
    sp__report(future->loop, "unhandled exception during sp_run() shutdown", future);
  }
  sp__task *next = task->next;
  sp__future_unref(future);
  return next;
}

static void release_each(sp_loop *loop)
{
  sp__task *task = loop->tasks.first;
  while (task) task = task->ends_with_run ? release_one(task) : task->next;
}

static int cancel_all(sp_loop *loop)
{
  sp__future_open(&loop->shutdown.all_done, loop);
  loop->shutdown.last_done.run = all_are_done;
  loop->shutdown.remaining = 0;
  cancel_each(loop);
  int error = loop->shutdown.remaining > 0 ? run_until_done(loop, &loop->shutdown.all_done) : 0;
  sp__future_close(&loop->shutdown.all_done);
  release_each(loop);
  return error;
}

static int close_generators(void *arg)
{
  const sp_loop *loop = arg;
  return loop->generators.close ? loop->generators.close(arg) : 0;
}

static int await_threads(void *arg)
{
  sp_loop *loop = arg;
  if (!loop->threads.works.first) return 0;
  sp__future_open(&loop->threads.all_done, loop);
  return sp__task_wait(sp__task_running(), &loop->threads.all_done, SP_HERE "sp_loop_shutdown");
}

/* asyncio.run ends with tasks of its own, and what is left of the program sees their iterations. If
 * the run fails, the program gets that error. */
static int run_task(sp_loop *loop, sp_coroutine *fn, const char *fn_name)
{
  sp_task *task = sp_loop_create_task_from(loop, fn, loop, NULL, fn_name, SP_HERE);
  if (!task) return SP_ENOMEM;
  sp__task_of(task)->is_loops_own = true;
  int result = complete(loop, task);
  sp_task_detach(task);
  return result < 0 ? result : 0;
}

int sp_loop_shutdown(sp_loop *loop)
{
  int error = refuse_run(loop);
  if (error == 0) error = cancel_all(loop);
  if (error == 0) error = run_task(loop, close_generators, "close_generators");
  if (error == 0) error = run_task(loop, await_threads, "await_threads");
  return error;
}

/* --- sp_run --- */

static int outcome(sp_loop *loop, sp_task *main_task)
{
  int result = sp__future_take(main_task);
  bool interrupted = loop->run.interrupts > 0 && result == SP_ECANCELED;
  return interrupted && sp_task_uncancel(main_task) == 0 ? sp__fail(SP_EINTERRUPTED, NULL) : result;
}

static int run_main(sp_loop *loop, sp_task *main_task)
{
  int error = run_until_done(loop, main_task);
  int at_end = sp_loop_shutdown(loop);
  main_task->retrieved = true;
  if (error < 0) return error;
  return at_end < 0 ? at_end : outcome(loop, main_task);
}

/* As in asyncio's Runner: the locals that a main task has set are there for the next one. */
static void set_main_task(sp_loop *loop, sp__task *task)
{
  sp__locals_unref(task->locals);
  task->locals = sp__locals_ref(loop->locals.main);
  loop->run.main_task = task;
}

static void unset_main_task(sp_loop *loop)
{
  sp__locals_unref(loop->locals.main);
  loop->locals.main = sp__locals_ref(loop->run.main_task->locals);
  loop->run.main_task = NULL;
}

int sp_loop_run_from(sp_loop *loop, sp_coroutine *fn, void *arg, const sp_task_options *options,
                     const char *fn_name, const char *where)
{
  int refused = refuse_run(loop);
  if (refused < 0) return refused;
  sp_task *main_task = sp_loop_create_task_from(loop, fn, arg, options, fn_name, where);
  if (!main_task) return loop->closed ? SP_ECLOSED : SP_ENOMEM;
  set_main_task(loop, sp__task_of(main_task));
  loop->run.interrupts = 0;
  int result = run_main(loop, main_task);
  unset_main_task(loop);
  sp_task_detach(main_task);
  return result;
}

int sp_run_from(sp_coroutine *fn, void *arg, const sp_task_options *options, const char *fn_name,
                const char *where)
{
  if (sp__loop_current) return sp__fail(SP_ERUNNING, NULL);
  sp_loop *loop = sp_loop_new(NULL);
  if (!loop) return sp__last_code();
  int result = sp_loop_run_from(loop, fn, arg, options, fn_name, where);
  sp_loop_free(loop);
  return result;
}
