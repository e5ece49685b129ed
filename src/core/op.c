/* Operations: what the host does for a task while the task waits.
 *
 * The task and the host each have the operation, and the last to be done with it frees it. The
 * host's completion goes through the ready queue like everything else, and so does its news of an
 * operation that continues: they share one runnable, so an end that comes right after news is
 * delivered together with it. */
#include <assert.h>

#include "core/cancel.h"
#include "core/future.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/loop_owned.h"
#include "core/op.h"
#include "core/ready.h"
#include "core/task.h"
#include "spindle.h"

static void op_free(sp__op *op)
{
  assert(!op->told); /* it must not be in the ring */
  sp__future_close(&op->future);
  sp__ready_release(&op->loop->ready);
  op->owned.drop(&op->owned);
  sp__loop_owned_free(op->loop, &op->owned);
}

static void set_outside(sp__op *op, bool outside)
{
  op->loop->outside += (uint32_t)outside - (uint32_t)op->outside;
  op->outside = outside;
}

static void op_run(sp__runnable *runnable)
{
  sp__op *op = SP__OWNER(runnable, sp__op, runnable);
  op->told = false;
  if (op->completing) {
    op->completed = true;
    set_outside(op, false);
  }
  if (op->abandoned) {
    if (op->completed) op_free(op);
  } else if (op->future.state == SP__PENDING) {
    sp__future_finish(&op->future, 0, NULL);
  }
}

void *sp__op_new(sp_loop *loop, size_t size, void (*drop)(sp__loop_owned *self))
{
  sp__op *op = sp__loop_owned_new(loop, size, drop);
  if (!op) return NULL;
  if (sp__ready_reserve(&loop->ready) < 0) {
    sp__loop_owned_free(loop, &op->owned);
    return NULL;
  }
  op->loop = loop;
  op->runnable.run = op_run;
  set_outside(op, true);
  sp__future_open(&op->future, loop);
  return op;
}

static void tell(sp__op *op)
{
  if (op->told) return;
  op->told = true;
  sp__loop_ready(op->loop, &op->runnable);
}

void sp__op_complete(sp__op *op, int result)
{
  assert(!op->completing); /* rule 5: what was started ends once */
  assert(!op->loop->run.running || sp__loop_runs_here(op->loop)); /* rule 4 */
  op->result = result;
  op->completing = true;
  tell(op);
}

void sp__op_news(sp__op *op) { tell(op); }

void sp__op_arrive(sp__op *op, int result)
{
  op->result = result;
  op->completing = true;
  op_run(&op->runnable);
}

int sp__op_wait(sp__op *op, sp__task *task, const char *where)
{
  int error = sp__task_wait(task, &op->future, where);
  return error < 0 ? error : op->result;
}

/* Between the waits the host waits for the task, so the op counts as outside only during them. */
int sp__op_wait_news(sp__op *op, sp__task *task, const char *where)
{
  if (op->future.state != SP__PENDING) {
    sp__future_close(&op->future);
    sp__future_open(&op->future, op->loop);
  }
  set_outside(op, !op->completed);
  int result = sp__task_wait(task, &op->future, where);
  set_outside(op, false);
  return result;
}

/* A cancellation is deferred to the next suspension: what was done meanwhile must not be lost. */
int sp__op_wait_through(sp__op *op, sp__task *task, const char *where)
{
  bool asked_to_stop = sp__task_wait(task, &op->future, where) < 0;
  while (!op->completed) {
    sp__future_close(&op->future);
    sp__future_open(&op->future, op->loop);
    (void)sp__task_wait(task, &op->future, where);
  }
  if (asked_to_stop) sp__task_cancel_later(task, task->message.detail);
  return op->result;
}

void sp__op_abandon(sp__op *op)
{
  op->abandoned = true;
  if (op->completed && !op->told) op_free(op);
}

void sp__op_forgotten(sp__op *op)
{
  op->completing = op->completed = true;
  set_outside(op, false);
}
