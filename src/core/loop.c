/* A loop: its creation, its clock and its close. iteration.c runs what is due, run.c runs it until
 * something is done. */
#include <math.h>
#include <stdlib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/future.h"
#include "core/generator.h"
#include "core/local.h"
#include "core/loop.h"
#include "core/loop_owned.h"
#include "core/mailbox.h"
#include "core/ready.h"
#include "core/sync.h"
#include "core/task.h"
#include "core/work.h"
#include "host/host.h"
#include "spindle.h"
#include "switch/switch.h"

_Thread_local sp_loop *sp__loop_current;

sp_loop *sp_loop_running(void) { return sp__loop_current; }

bool sp_loop_is_running(const sp_loop *loop) { return loop->run.running; }

double sp_loop_time(sp_loop *loop)
{
  if (loop->clock.is_virtual) return loop->clock.now;
  double now = sp__host_now(loop->host);
  if (now <= loop->clock.now)
    now = fmax(loop->clock.now + 1e-9, nextafter(loop->clock.now, INFINITY));
  return loop->clock.now = now;
}

/* --- creation --- */

static void free_unopened(sp_loop *loop)
{
  if (loop->stacks.pool) sp__stacks_free(loop->stacks.pool);
  if (loop->mailbox) sp__mailbox_unref(loop->mailbox);
  free(loop->ready.ring);
  free(loop);
}

static int open_parts(sp_loop *loop)
{
  loop->stacks.pool = sp__stacks_new();
  bool has_memory =
      loop->stacks.pool && sp__ready_grow(&loop->ready) == 0 && sp__mailbox_open(loop) == 0;
  if (!has_memory) return sp__fail(SP_ENOMEM, "no memory for an event loop");
  loop->host = sp__host_open(loop);
  return loop->host ? 0 : sp__last_code();
}

static void set_options(sp_loop *loop, const sp_loop_options *options)
{
  loop->debug.slow_callback = 0.1;
  sp_loop_set_debug(loop, sp__host_wants_debug() || (options && options->debug));
  if (!options) return;
  loop->clock.is_virtual = options->virtual_clock;
  loop->shuffle.on = options->order_seed != 0;
  loop->shuffle.order_seed = options->order_seed;
}

sp_loop *sp_loop_new(const sp_loop_options *options)
{
  sp_loop *loop = calloc(1, sizeof *loop);
  if (!loop) {
    sp__fail(SP_ENOMEM, "no memory for an event loop");
    return NULL;
  }
  if (open_parts(loop) < 0) {
    free_unopened(loop);
    return NULL;
  }
  /* Slots for `last_done` and for `stopper`, which a stopped run may leave in the ring. */
  loop->ready.reserved += 3;
  set_options(loop, options);
  return loop;
}

/* --- closing --- */

/* What is still scheduled is dropped, as by asyncio's close. */
static void drop_ready(sp_loop *loop)
{
  while (sp__ready_count(&loop->ready) > 0) {
    sp__runnable *runnable = sp__ready_pop(&loop->ready);
    if (!sp__runnable_is_step(runnable)) runnable->run(runnable);
  }
}

/* A task may be freed before what it waits for, or after it: neither may point to the other any
 * more, nor may an exception handler get from one to the other. */
static void forget_wait(sp__task *task)
{
  sp_future *future = task->waiting_on;
  task->waiting_on = NULL;
  task->awaits = NULL;
  if (!future) return;
  if (future->kind == SP__LISTED) sp__waiting_task_forget(future);
  sp__future_forget_waiters(future);
}

static void forget_waits(sp_loop *loop)
{
  for (sp__task *task = loop->tasks.first; task; task = task->next) forget_wait(task);
  if (loop->hooks.forget_observed) loop->hooks.forget_observed(loop);
}

/* Nothing new is accepted meanwhile: what the exception handler asks for then is refused. */
int sp_loop_close(sp_loop *loop)
{
  if (loop->run.running) return sp__fail(SP_ERUNNING, "Cannot close a running event loop");
  if (loop->closed) return 0;
  loop->closed = loop->turning = true;
  forget_waits(loop);
  sp__mailbox_close(loop->mailbox);
  sp__works_close(loop);
  sp__host_close(loop->host);
  if (loop->threads.executor) loop->threads.close(loop->threads.executor);
  drop_ready(loop);
  while (loop->tasks.first) sp__task_end(loop->tasks.first);
  sp__generators_free_all(loop);
  sp__loop_owned_free_all(loop);
  sp__calls_free_all(&loop->calls);
  sp__locals_unref(loop->locals.current);
  sp__locals_unref(loop->locals.main);
  sp__stacks_free(loop->stacks.pool);
  free(loop->timers.heap);
  free(loop->ready.ring);
  return 0;
}

int sp_loop_free(sp_loop *loop)
{
  int error = loop ? sp_loop_close(loop) : 0;
  if (!loop || error < 0) return error;
  sp__mailbox_unref(loop->mailbox);
  free(loop);
  return 0;
}

bool sp_loop_is_closed(const sp_loop *loop) { return loop->closed; }
