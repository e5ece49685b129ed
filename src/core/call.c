/* Calls that the loop makes for a program: call_soon, call_later, call_at.
 *
 * Their memory comes from blocks that live as long as the loop, so that a handle that outlives its
 * call is detected by the generation. A cancelled call stays in the heap or ring and is skipped
 * when it comes up, as asyncio's do: that keeps the order of what remains exactly asyncio's. */
#include <math.h>
#include <stdlib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/list.h"
#include "core/local.h"
#include "core/loop.h"
#include "core/mailbox.h"
#include "core/ready.h"
#include "core/timer.h"
#include "host/host.h"
#include "spindle.h"

enum { BLOCK_CALLS = 64, LINE = 64 };

/* Natively a call fills a cache line. */
struct sp__call_block {
  sp__alarm alarms[BLOCK_CALLS];
  struct sp__call_block *next;
  char rest[LINE - sizeof(void *)];
};

static int add_block(sp__calls *calls)
{
  struct sp__call_block *block = aligned_alloc(LINE, sizeof *block);
  if (!block) return sp__fail(SP_ENOMEM, NULL);
  block->next = calls->blocks;
  calls->blocks = block;
  for (int i = BLOCK_CALLS - 1; i >= 0; i--) {
    block->alarms[i] = (sp__alarm){.call = {.next_free = calls->free}};
    calls->free = &block->alarms[i].call;
  }
  return 0;
}

void sp__calls_free_all(sp__calls *calls)
{
  while (calls->blocks) {
    struct sp__call_block *block = calls->blocks;
    calls->blocks = block->next;
    for (int i = 0; i < BLOCK_CALLS; i++) sp__locals_unref(block->alarms[i].call.locals);
    free(block);
  }
  calls->free = NULL;
}

void sp__call_run(sp__runnable *runnable)
{
  sp__call *call = SP__OWNER(runnable, sp__call, runnable);
  sp_callback *fn = call->fn;
  void *arg = call->arg;
  sp_loop *loop = call->loop;
  bool wanted = !call->cancelled && !loop->closed;
  sp__locals_enter(loop, call->locals);
  call->locals = NULL;
  if (call->slept) {
    call->slept = false;
  } else {
    sp__call_free(call);
  }
  if (wanted) fn(arg);
  sp__locals_enter(loop, NULL);
}

void sp__call_fill(sp__call *call, sp_loop *loop, sp_callback *fn, void *arg)
{
  call->runnable.run = sp__call_run;
  call->loop = loop;
  call->fn = fn;
  call->arg = arg;
  call->when = NAN;
  call->in_heap = call->cancelled = call->slept = false;
}

static sp__call *call_new(sp_loop *loop, sp_callback *fn, void *arg)
{
  if (sp__loop_closed(loop) < 0 || sp__ready_reserve(&loop->ready) < 0) return NULL;
  if (!loop->calls.free && add_block(&loop->calls) < 0) {
    sp__ready_release(&loop->ready);
    return NULL;
  }
  sp__call *call = loop->calls.free;
  loop->calls.free = call->next_free;
  sp__call_fill(call, loop, fn, arg);
  return call;
}

void sp__call_free(sp__call *call)
{
  if (call->sent) {
    sp__mailbox_call_free(call);
    return;
  }
  sp_loop *loop = call->loop;
  call->generation++;
  sp__locals_unref(call->locals);
  call->locals = NULL;
  call->next_free = loop->calls.free;
  loop->calls.free = call;
  sp__ready_release(&loop->ready);
}

static sp_handle handle_of(sp__call *call)
{
  return (sp_handle){.call = call, .generation = call ? call->generation : 0};
}

sp_handle sp__call_soon(sp_loop *loop, sp_callback *fn, void *arg)
{
  sp__call *call = call_new(loop, fn, arg);
  if (call) sp__loop_ready(loop, &call->runnable);
  return handle_of(call);
}

sp_handle sp__call_at(sp_loop *loop, double when, sp_callback *fn, void *arg)
{
  if (isnan(when)) {
    sp__fail(SP_EINVAL, "Invalid delay: NaN (not a number)");
    return handle_of(NULL);
  }
  sp__call *call = call_new(loop, fn, arg);
  if (!call) return handle_of(NULL);
  if (sp__timers_push(&loop->timers, when, call) < 0) {
    sp__call_free(call);
    return handle_of(NULL);
  }
  call->when = when;
  call->in_heap = true;
  if (!loop->turning) sp__host_wake(loop->host);
  return handle_of(call);
}

void sp__call_cancel(sp__call *call)
{
  if (call->cancelled) return;
  call->cancelled = true;
  if (call->in_heap) call->loop->timers.cancelled++;
}

/* A call that the program schedules inherits the task-locals of the scheduler. */
static sp_handle with_locals(sp_handle handle)
{
  if (handle.call) handle.call->locals = sp__locals_inherit();
  return handle;
}

/* In debug mode, scheduling from a thread that does not run the loop is detected. */
static bool may_schedule(const sp_loop *loop)
{
  if (!loop) {
    sp__fail(SP_EINVAL, "the loop is NULL");
    return false;
  }
  bool elsewhere = loop->debug.on && loop->run.running && !sp__loop_runs_here(loop);
  if (!elsewhere) return true;
  sp__fail(SP_EINVALIDSTATE,
           "Non-thread-safe operation invoked on an event loop other than the current one");
  return false;
}

sp_handle sp_loop_call_soon(sp_loop *loop, sp_callback *fn, void *arg)
{
  return may_schedule(loop) ? with_locals(sp__call_soon(loop, fn, arg)) : handle_of(NULL);
}

sp_handle sp_loop_call_at(sp_loop *loop, double when, sp_callback *fn, void *arg)
{
  return may_schedule(loop) ? with_locals(sp__call_at(loop, when, fn, arg)) : handle_of(NULL);
}

sp_handle sp_loop_call_later(sp_loop *loop, double delay, sp_callback *fn, void *arg)
{
  if (!may_schedule(loop)) return handle_of(NULL);
  return with_locals(sp__call_at(loop, sp_loop_time(loop) + delay, fn, arg));
}

/* Whether the call has not come up yet. */
static bool is_there(sp_handle handle)
{
  return handle.call && handle.call->generation == handle.generation;
}

void sp_handle_cancel(sp_handle handle)
{
  if (is_there(handle)) sp__call_cancel(handle.call);
}

bool sp_handle_cancelled(sp_handle handle) { return is_there(handle) && handle.call->cancelled; }

double sp_handle_when(sp_handle handle) { return is_there(handle) ? handle.call->when : NAN; }
