/* Iterations of a loop: what is due runs, in asyncio's order.
 *
 * An iteration is one _run_once of asyncio: timers that are due become ready, then everything that
 * is ready at that moment runs; what becomes ready meanwhile waits for the next iteration. A turn
 * is as many iterations as there is work for, within a time budget; then control returns to the
 * host. */
#include <math.h>

#include "core/cancel.h"
#include "core/iteration.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/mailbox.h"
#include "core/ready.h"
#include "core/report.h"
#include "core/step.h"
#include "core/task.h"
#include "core/timer.h"
#include "host/host.h"
#include "spindle.h"
#include "switch/switch.h"

enum {
  CROWD = 1000,
  STEPS_A_CLOCK = 32, /* reading the clock costs about as much as two steps */
  SECONDS_A_TRIM = 1
};

/* --- time --- */

/* As in asyncio: a timer is due within the clock's resolution of a nanosecond. */
static void move_due_timers(sp_loop *loop)
{
  sp__timers *timers = &loop->timers;
  double end = sp_loop_time(loop) + 1e-9;
  while (timers->count > 0 && timers->heap[0].when < end) {
    sp__ready_push(&loop->ready, &sp__timers_pop(timers)->runnable);
  }
}

static double until_next_timer(sp_loop *loop)
{
  if (loop->timers.count == 0) return INFINITY;
  return fmax(0, loop->timers.heap[0].when - sp_loop_time(loop));
}

/* The virtual clock jumps to the next timer when there is nothing else to wait for. */
static bool jump_to_next_timer(sp_loop *loop)
{
  bool can_jump = loop->clock.is_virtual && loop->outside == 0 && !loop->run.stopping;
  if (!can_jump || loop->timers.count == 0 || isinf(loop->timers.heap[0].when)) return false;
  loop->clock.now = fmax(loop->clock.now, loop->timers.heap[0].when);
  return true;
}

/* --- the turn --- */

/* splitmix64 */
static uint64_t draw(uint64_t *state)
{
  uint64_t drawn = *state += 0x9e3779b97f4a7c15u;
  drawn = (drawn ^ (drawn >> 30)) * 0xbf58476d1ce4e5b9u;
  drawn = (drawn ^ (drawn >> 27)) * 0x94d049bb133111ebu;
  return drawn ^ (drawn >> 31);
}

static void shuffle(sp__ready *ready, uint32_t count, uint64_t *state)
{
  for (uint32_t left = count; left > 1; left--) {
    sp__runnable **one = &ready->ring[(ready->head + left - 1) & ready->mask];
    sp__runnable **other = &ready->ring[(ready->head + draw(state) % left) & ready->mask];
    sp__runnable *swapped = *one;
    *one = *other;
    *other = swapped;
  }
}

static void take_what_came(sp_loop *loop, bool read_clock)
{
  sp__timers *timers = &loop->timers;
  if (sp__mailbox_has_mail(loop->mailbox)) sp__mailbox_take(loop->mailbox);
  if (timers->count == 0) return;
  sp__timers_drop_cancelled(timers);
  bool surely_due = timers->count > 0 && timers->heap[0].when <= loop->clock.now;
  if (read_clock || surely_due) move_due_timers(loop);
}

/* How many runnables are left in the iteration. */
static inline uint32_t todo(const sp_loop *loop) { return loop->iteration.end - loop->ready.head; }

static __attribute__((noinline)) bool begin_iteration(sp_loop *loop, bool read_clock)
{
  take_what_came(loop, read_clock);
  bool any = sp__loop_begin_plain_iteration(loop);
  if (loop->shuffle.on) shuffle(&loop->ready, todo(loop), &loop->shuffle.order_seed);
  return any;
}

bool sp__loop_begin_other_iteration(sp_loop *loop)
{
  return !loop->run.stopping && begin_iteration(loop, false);
}

static void run_held(sp_loop *loop, sp__runnable *runnable)
{
  uint32_t steps = sp__loop_hold(loop);
  if (loop->debug.on) {
    sp__run_timed(loop, runnable);
  } else {
    runnable->run(runnable);
  }
  sp__loop_release(loop, steps);
}

/* Runs the rest of the iteration, as far as the steps go. Tasks that suspend may begin further
 * iterations. */
static void run_ready(sp_loop *loop)
{
  while (loop->iteration.steps > 0 && todo(loop) > 0) {
    loop->iteration.steps--;
    if (loop->iteration.crowded) sp__loop_prefetch(&loop->ready);
    sp__runnable *runnable = sp__ready_pop(&loop->ready);
    if (runnable->run == sp__task_step && !loop->debug.on) {
      sp__task_go_on(loop, SP__OWNER(runnable, sp__task, waiter.runnable), NULL);
    } else {
      run_held(loop, runnable);
    }
  }
}

/* Returns stack memory that is no longer in use. */
static void trim_stacks(sp_loop *loop, double now)
{
  bool period_is_over = now >= loop->stacks.trim_at;
  if (!period_is_over && !loop->stacks.trimming) return;
  if (period_is_over) loop->stacks.trim_at = now + SECONDS_A_TRIM;
  loop->stacks.trimming = sp__stacks_trim(loop->stacks.pool, period_is_over);
}

/* A loop that has nothing else to do also comes back for trimming. */
static double until_next_trim(const sp_loop *loop)
{
  if (loop->stacks.trimming) return 0;
  return sp__stacks_have_idle(loop->stacks.pool)
             ? fmax(0, loop->stacks.trim_at - loop->clock.turn_began)
             : INFINITY;
}

/* Runs iterations until there is nothing to do, the run is to end, or the budget is spent. Returns
 * when that was. Time for which the thread was held up before the first does not count. */
static double run_iterations(sp_loop *loop, double began)
{
  double now = began;
  trim_stacks(loop, began);
  loop->iteration.steps = 0;
  for (bool first = true;; first = false) {
    bool read_clock = loop->iteration.steps == 0;
    if (read_clock) {
      now = sp__host_now(loop->host);
      if (!first && now - began > sp__host_turn_budget) return now;
      loop->iteration.steps = STEPS_A_CLOCK;
    }
    if (todo(loop) == 0) {
      if (loop->run.stopping && loop->run.began) return sp__host_now(loop->host);
      if (!begin_iteration(loop, read_clock) && !jump_to_next_timer(loop)) {
        if (read_clock) return now;
        loop->iteration.steps = 0;
        continue;
      }
    }
    loop->iteration.crowded = todo(loop) > CROWD;
    run_ready(loop);
  }
}

/* On a virtual clock nothing arrives by itself. */
static bool is_deadlocked(const sp_loop *loop)
{
  return loop->clock.is_virtual && loop->outside == 0 && sp__ready_count(&loop->ready) == 0 &&
         !sp__mailbox_has_mail(loop->mailbox) &&
         (loop->timers.count == 0 || isinf(loop->timers.heap[0].when));
}

double sp__loop_turn(sp_loop *loop)
{
  double began = sp__host_now(loop->host);
  if (!loop->clock.is_virtual && began > loop->clock.now) loop->clock.now = began;
  loop->clock.turn_began = began;
  loop->turning = true;
  loop->statistics.busy += run_iterations(loop, began) - began;
  loop->turning = false;
  bool ended = loop->run.stopping && loop->run.began && todo(loop) == 0;
  if (!ended) loop->run.deadlocked = is_deadlocked(loop);
  if (ended || loop->run.deadlocked) {
    sp__host_stop(loop->host);
    return INFINITY;
  }
  /* The sender of an untaken message has woken this turn, and wakes no other. */
  if (sp__ready_count(&loop->ready) > 0 || sp__mailbox_has_mail(loop->mailbox)) return 0;
  return fmin(until_next_timer(loop), until_next_trim(loop));
}

bool sp__loop_interrupt(sp_loop *loop)
{
  if (++loop->run.interrupts > 1) return false;
  if (loop->run.main_task) return sp__future_cancel(&loop->run.main_task->future, NULL);
  sp_loop_stop(loop);
  return true;
}
