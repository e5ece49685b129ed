/* The loop: its state, and whether this thread runs it. */
#ifndef SP_CORE_LOOP_H
#define SP_CORE_LOOP_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/call.h"
#include "core/error.h"
#include "core/future.h"
#include "core/local.h"
#include "core/mailbox.h"
#include "core/ready.h"
#include "core/task.h"
#include "core/timer.h"
#include "host/host.h"
#include "spindle.h"
#include "switch/switch.h"

/* What each step touches comes first. Functions that only some programs need are reached through
 * pointers which those programs' calls set, so that other programs do not link them. */
struct sp_loop {
  sp__ready ready;
  sp__task *current;
  struct {
    uint32_t end;   /* ready.tail when it began */
    uint32_t steps; /* how many more may run before the clock is read */
    bool direct;    /* a task may switch straight to another */
    bool crowded;   /* more is ready than the processor's caches hold */
  } iteration;
  struct {
    uint64_t switches;   /* resumes of tasks */
    uint64_t iterations; /* those in which something ran */
    double busy;         /* seconds in turns, up to the last one */
  } statistics;
  struct {
    sp__stacks *pool;
    double trim_at; /* when the pool is next examined, on the host's clock */
    bool trimming;  /* there is more memory to return */
  } stacks;
  sp__timers timers;
  sp__calls calls;
  sp__host *host;
  struct {
    double now; /* the time last read; the time itself, if virtual */
    double turn_began;
    bool is_virtual; /* tests: time advances only when nothing is ready */
  } clock;
  struct {
    bool on; /* tests: what is ready runs in an order drawn from the seed */
    uint64_t order_seed;
  } shuffle;
  uint32_t outside; /* operations that the host has not completed */
  bool turning;     /* a turn runs, or the loop is closed: no need to wake the host for what becomes
                       ready */
  bool closed;      /* what is ready is freed, not called */
  struct {
    bool running;        /* the host runs it */
    bool began;          /* an iteration has begun in this run */
    bool stopping;       /* the run ends with the current iteration */
    bool deadlocked;     /* the run ended because nothing could become ready any more */
    sp__waiter stopper;  /* ends a run when a future is done */
    sp__task *main_task; /* of sp_loop_run: Ctrl-C cancels it */
    int interrupts;
  } run;
  struct {
    bool on;
    double slow_callback; /* seconds after which a callback is reported */
  } debug;
  struct {
    sp__task *first, *last;
    size_t pending;   /* tasks that are not done */
    uint64_t unnamed; /* how many were created without a name */
  } tasks;
  struct {
    sp_generator *first, *last;
    sp_coroutine *close; /* closes those suspended in a yield; set by the first one */
  } generators;
  struct {
    sp__binding *current; /* of the running callback */
    sp__binding *main;    /* of the last main task, for the next one */
  } locals;
  struct {
    struct sp__loop_owned *first, *last;
  } owned;
  struct {
    size_t remaining; /* tasks that the shutdown waits for */
    sp__runnable last_done;
    sp_future all_done;
  } shutdown;
  sp__mailbox *mailbox;
  struct {
    struct {
      struct sp__work *first, *last;
    } works;                              /* given to threads */
    sp_future all_done;                   /* for whoever waits until there are none */
    sp_executor *executor;                /* NULL: none needed so far */
    void (*close)(sp_executor *executor); /* set together with it */
  } threads;
  struct {
    void (*forget_observed)(
        sp_loop *loop); /* called at the loop's close; set by the first observers (observer.c) */
    bool (*cancel_gathering)(sp_future *gathering, sp__task *asker,
                             sp__detail *detail); /* set by the first one (gather.c) */
  } hooks;
  struct {
    sp_task_factory *fn;
    void *arg;
    bool entered;
  } factory;
  struct {
    sp_exception_handler *fn;
    void *arg;
  } handler;
};

extern _Thread_local sp_loop *sp__loop_current;

/* The task that runs in this thread, or NULL. */
static inline sp__task *sp__task_running(void)
{
  return sp__loop_current ? sp__loop_current->current : NULL;
}

/* Whether this thread runs the loop. From any thread. */
static inline bool sp__loop_runs_here(const sp_loop *loop) { return sp__loop_current == loop; }

/* Enqueues the runnable: it runs in the next iteration, after what is ready already. */
static inline void sp__loop_ready(sp_loop *loop, sp__runnable *runnable)
{
  sp__ready_push(&loop->ready, runnable);
  if (!loop->turning) sp__host_wake(loop->host);
}

/* The waiters become ready, in their order. The last, often the only one, is not read. */
static inline void sp__future_settle(sp_future *future)
{
  sp__waiter *waiter = future->first, *last = future->last;
  future->first = future->last = NULL;
  while (waiter && waiter != last) {
    sp__waiter *next = waiter->next;
    sp__loop_ready(future->loop, &waiter->runnable);
    waiter = next;
  }
  if (last) sp__loop_ready(future->loop, &last->runnable);
}

static inline void sp__future_finish(sp_future *future, int result, sp__detail *detail)
{
  assert(future->state == SP__PENDING);
  future->state = SP__FINISHED;
  future->result = result;
  future->detail = sp__detail_ref(detail);
  sp__future_settle(future);
}

/* Returns 0 on success, or SP_ECLOSED with the message set. */
static inline int sp__loop_closed(const sp_loop *loop)
{
  return loop->closed ? sp__fail(SP_ECLOSED, "Event loop is closed") : 0;
}

/* Returns the loop that this thread runs, or NULL with the message set (SP_ENOTASK). */
static inline sp_loop *sp__loop_here(void)
{
  sp_loop *loop = sp__loop_current;
  if (!loop) sp__fail(SP_ENOTASK, "no running event loop");
  return loop;
}

/* Called when a task that a shutdown waits for is done. */
void sp__loop_task_ended(sp_loop *loop);

/* Handles Ctrl-C: cancels the main task, or stops a loop that has none. False when that was done
 * before: the program is to end. */
bool sp__loop_interrupt(sp_loop *loop);

#endif
