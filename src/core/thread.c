/* Running a function in a thread while its task waits. */
#include <stdlib.h>

#include "core/error.h"
#include "core/executor.h"
#include "core/future.h"
#include "core/list.h"
#include "core/local.h"
#include "core/loop.h"
#include "core/loop_owned.h"
#include "core/mailbox.h"
#include "core/op.h"
#include "core/ready.h"
#include "core/task.h"
#include "core/work.h"
#include "host/host.h"
#include "spindle.h"

bool sp_has_threads(void) { return sp__host_has_threads(); }

/* The loop does not close while something runs in a thread. */
static void drop_work(sp__loop_owned *owned)
{
  sp__work *work = SP__OWNER(owned, sp__work, op.owned);
  sp_loop *loop = work->op.loop;
  SP__LIST_REMOVE(&loop->threads.works, work);
  if (work->executor) sp__executor_unref(work->executor);
  sp__locals_unref(work->locals);
  free(work->message);
  if (!loop->threads.works.first && loop->threads.all_done.loop &&
      loop->threads.all_done.state == SP__PENDING) {
    sp__future_finish(&loop->threads.all_done, 0, NULL);
  }
}

/* --- in the thread --- */

/* An error left by another call is not the function's. */
static void run(sp__work *work)
{
  sp__fail(SP_OK, NULL);
  sp__locals_lend(work->locals);
  work->result = work->fn(work->arg);
  sp__locals_lend(NULL);
  work->message = sp__message_of(work->result);
}

static void run_in_thread(sp__job *job) { run(SP__OWNER(job, sp__work, job)); }

static void come_back(sp__runnable *runnable)
{
  sp__work *work = SP__OWNER(runnable, sp__work, job.message.runnable);
  sp__op_arrive(&work->op, work->result);
}

/* --- starting and taking back --- */

/* Without threads: in a later iteration, on the loop's own thread. */
static void run_here(void *arg)
{
  sp__work *work = arg;
  sp__locals_enter(work->op.loop, sp__locals_ref(work->locals));
  run(work);
  sp__op_arrive(&work->op, work->result);
}

static int start_here(sp_loop *loop, sp__work *work)
{
  work->call = sp_loop_call_soon(loop, run_here, work);
  return work->call.call ? 0 : SP_ENOMEM;
}

/* The work has a reference to the pool until it is dropped. */
static int start(sp_loop *loop, sp_executor *executor, sp__work *work)
{
  if (!sp__host_has_threads()) return start_here(loop, work);
  if (!executor) executor = sp__loop_executor(loop);
  if (!executor) return SP_ENOMEM;
  sp__executor_ref(executor);
  work->executor = executor;
  work->job.run = run_in_thread;
  work->job.message.runnable.run = come_back;
  return sp__executor_start(executor, &work->job, loop);
}

/* A function that has not begun never runs; the work is completed as cancelled. */
static void take_back(sp__work *work)
{
  if (work->op.completing) return;
  if (work->call.call) {
    sp_handle_cancel(work->call);
  } else if (!sp__executor_take_back(work->executor, &work->job)) {
    return;
  }
  sp__op_complete(&work->op, SP_ECANCELED);
}

/* Whether a thread is running a work of the loop. */
static bool any_runs(const sp_loop *loop)
{
  const sp__work *work = loop->threads.works.first;
  while (work && work->op.completing) work = work->next;
  return work != NULL;
}

/* No task will take their results any more. */
void sp__works_close(sp_loop *loop)
{
  for (sp__work *work = loop->threads.works.first, *next; work; work = next) {
    next = work->next;
    take_back(work);
    sp__op_abandon(&work->op);
  }
  while (any_runs(loop)) sp__mailbox_await(loop->mailbox);
}

/* --- the call --- */

/* As in asyncio: to_thread runs the function in a copy of the task's context, run_in_executor in
 * the thread's own, which is empty. */
static int run_in(sp_executor *executor, int (*fn)(void *arg), void *arg, bool with_locals,
                  const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  sp_loop *loop = task->future.loop;
  sp__work *work = sp__op_new(loop, sizeof *work, drop_work);
  if (!work) return SP_ENOMEM;
  SP__LIST_APPEND(&loop->threads.works, work);
  work->fn = fn;
  work->arg = arg;
  if (with_locals) work->locals = sp__locals_inherit();
  if (start(loop, executor, work) < 0) {
    sp__op_forgotten(&work->op);
    sp__op_abandon(&work->op);
    return SP_ENOMEM;
  }
  int result = sp__task_wait(task, &work->op.future, where);
  if (result < 0) {
    take_back(work);
  } else {
    result = work->op.result;
    if (result < 0) sp__fail(result, work->message);
  }
  sp__op_abandon(&work->op);
  return result;
}

int sp_run_in_executor_from(sp_executor *executor, int (*fn)(void *arg), void *arg,
                            const char *where)
{
  return run_in(executor, fn, arg, false, where);
}

int sp_to_thread_from(int (*fn)(void *arg), void *arg, const char *where)
{
  return run_in(NULL, fn, arg, true, where);
}
