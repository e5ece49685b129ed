/* Running a function in a thread while its task waits. */
#include <stdlib.h>

#include "core/core.h"

bool sp_has_threads(void) { return sp__host_has_threads(); }

/* The loop does not close while something runs in a thread. */
static void free_work(sp__op *op)
{
  sp_loop *loop = op->loop;
  sp__work *work = SP__OWNER(op, sp__work, op);
  free(work->message);
  free(work);
  if (--loop->working == 0 && loop->idle.loop && loop->idle.state == SP__PENDING) {
    sp__future_finish(&loop->idle, 0, NULL);
  }
}

/* Without threads: in a later turn, on the loop's own thread. */
static void run_here(void *arg)
{
  sp__work *work = arg;
  sp__work_run(work);
  sp__op_complete(&work->op, work->result);
}

/* An error that was there before, from another call, is not the function's. */
void sp__work_run(sp__work *work)
{
  sp__fail(SP_OK, NULL);
  work->result = work->fn(work->arg);
  work->message = sp__message_of(work->result);
}

static bool start(sp_loop *loop, sp__work *work)
{
  if (sp__host_has_threads()) return sp__host_work_start(loop->host, work);
  return sp__call_soon(loop, run_here, work) != NULL;
}

int sp_to_thread_at(int (*fn)(void *arg), void *arg, const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  sp_loop *loop = task->future.loop;
  sp__work *work = calloc(1, sizeof *work);
  if (!work || sp__op_open(&work->op, loop, free_work) < 0) {
    free(work);
    return sp__fail(SP_ENOMEM, NULL);
  }
  loop->working++;
  work->fn = fn;
  work->arg = arg;
  if (!start(loop, work)) {
    sp__op_forgotten(&work->op);
    sp__op_abandon(&work->op);
    return sp__fail(SP_ENOMEM, "no memory for a thread's work");
  }
  int result = sp__op_wait(&work->op, task, where);
  if (result < 0 && work->op.completed) sp__fail(result, work->message);
  sp__op_abandon(&work->op);
  return result;
}
