/* The loop: what is due runs, in asyncio's order.
 *
 * An iteration is one _run_once of asyncio: timers that are due become ready, then everything that
 * is ready at that moment runs; what becomes ready meanwhile waits for the next iteration. A turn
 * is as many iterations as there is work for, within a budget of time; then the host has its say.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/core.h"

enum { STEPS_A_CLOCK = 32 }; /* reading the clock costs about as much as two steps */

_Thread_local sp_loop *sp__loop_current;

/* --- time --- */

double sp_loop_time(sp_loop *loop)
{
  double now = sp__host_now(loop->host);
  if (now <= loop->clock) now = fmax(loop->clock + 1e-9, nextafter(loop->clock, INFINITY));
  return loop->clock = now;
}

/* As asyncio: what is due within the clock's resolution of a nanosecond is due. */
static void move_due_timers(sp_loop *loop)
{
  sp__timers *timers = &loop->timers;
  double end = sp_loop_time(loop) + 1e-9;
  while (timers->count > 0 && timers->heap[0].when < end) {
    sp__ready_push(&loop->ready, &sp__timers_pop(timers)->handle);
  }
}

static double until_next_timer(sp_loop *loop)
{
  if (loop->timers.count == 0) return INFINITY;
  return fmax(0, loop->timers.heap[0].when - sp_loop_time(loop));
}

/* --- the turn --- */

static void begin_iteration(sp_loop *loop, bool read_clock)
{
  sp__timers *timers = &loop->timers;
  if (timers->count > 0) {
    sp__timers_drop_cancelled(timers);
    bool surely_due = timers->count > 0 && timers->heap[0].when <= loop->clock;
    if (read_clock || surely_due) move_due_timers(loop);
  }
  loop->todo = sp__ready_count(&loop->ready);
}

static void run_some(sp_loop *loop, uint32_t steps)
{
  for (; steps > 0; steps--) {
    sp__handle *handle = sp__ready_pop(&loop->ready);
    loop->todo--;
    handle->run(handle);
  }
}

double sp__loop_turn(sp_loop *loop)
{
  double began = sp__host_now(loop->host);
  uint32_t steps = STEPS_A_CLOCK;
  loop->turning = true;
  for (;;) {
    bool read_clock = steps >= STEPS_A_CLOCK;
    if (read_clock) {
      if (sp__host_now(loop->host) - began > sp__host_turn_budget) break;
      steps = 0;
    }
    if (loop->todo == 0) {
      if (loop->stopping) break;
      begin_iteration(loop, read_clock);
      if (loop->todo == 0 && read_clock) break;
      if (loop->todo == 0) steps = STEPS_A_CLOCK;
    }
    uint32_t some = loop->todo < STEPS_A_CLOCK ? loop->todo : STEPS_A_CLOCK;
    run_some(loop, some);
    steps += some;
  }
  loop->turning = false;
  if (loop->stopping && loop->todo == 0) {
    sp__host_stop(loop->host);
    return INFINITY;
  }
  return sp__ready_count(&loop->ready) > 0 ? 0 : until_next_timer(loop);
}

bool sp__loop_interrupt(sp_loop *loop)
{
  if (++loop->interrupts > 1 || loop->main_task->future.state != SP__PENDING) return false;
  return sp_task_cancel(&loop->main_task->future, NULL);
}

/* --- running --- */

static sp_loop *loop_open(void)
{
  sp_loop *loop = calloc(1, sizeof *loop);
  if (!loop) return NULL;
  if (sp__ready_grow(&loop->ready) < 0) {
    free(loop);
    return NULL;
  }
  loop->stacks = sp__stacks_new();
  loop->host = loop->stacks ? sp__host_open(loop) : NULL;
  if (loop->host) return loop;
  if (loop->stacks) sp__stacks_free(loop->stacks);
  free(loop->ready.ring);
  free(loop);
  return NULL;
}

/* What is still scheduled is dropped, as asyncio's close does. */
static void drop_ready(sp_loop *loop)
{
  loop->closing = true;
  while (sp__ready_count(&loop->ready) > 0) {
    sp__handle *handle = sp__ready_pop(&loop->ready);
    if (handle->run != sp__task_step) handle->run(handle);
  }
}

static void loop_close(sp_loop *loop)
{
  sp__host_close(loop->host);
  drop_ready(loop);
  while (loop->tasks_first) sp__task_end(loop->tasks_first);
  sp__calls_free_all(&loop->calls);
  sp__stacks_free(loop->stacks);
  free(loop->timers.heap);
  free(loop->ready.ring);
  free(loop);
}

static void stop(sp_future *future, void *arg)
{
  (void)future;
  ((sp_loop *)arg)->stopping = true;
}

static int run_until_done(sp_loop *loop, sp_future *future)
{
  int error = sp_future_add_done_callback(future, stop, loop);
  if (error < 0) return error;
  loop->stopping = false;
  return sp__host_run(loop->host);
}

typedef struct remains {
  sp_future all_done;
  size_t count;
} remains;

static void one_done(sp_future *future, void *arg)
{
  remains *left = arg;
  if (future->state == SP__FINISHED && future->result < 0 && !future->retrieved) {
    char text[512];
    sp_repr(future, text, sizeof text);
    fprintf(stderr, "unhandled exception during sp_run() shutdown\ntask: %s\n", text);
    future->retrieved = true;
  }
  if (--left->count == 0) sp__future_finish(&left->all_done, 0, NULL);
}

static int cancel_all(sp_loop *loop)
{
  remains left = {.count = 0};
  sp__future_open(&left.all_done, loop);
  for (sp__task *task = loop->tasks_first; task; task = task->next) {
    if (task->future.state != SP__PENDING) continue;
    int error = sp_future_add_done_callback(&task->future, one_done, &left);
    if (error < 0) return error;
    left.count++;
    sp_task_cancel(&task->future, NULL);
  }
  return left.count > 0 ? run_until_done(loop, &left.all_done) : 0;
}

static int await_threads(sp_loop *loop)
{
  if (loop->working == 0) return 0;
  sp__future_open(&loop->idle, loop);
  return run_until_done(loop, &loop->idle);
}

static int outcome(sp_loop *loop, sp_task *main_task)
{
  int result = sp__future_take(main_task);
  bool interrupted = loop->interrupts > 0 && result == SP_ECANCELED;
  return interrupted && sp_task_uncancel(main_task) == 0 ? sp__fail(SP_EINTERRUPTED, NULL) : result;
}

static int run_main(sp_loop *loop, sp_task *main_task)
{
  loop->main_task = sp__task_of(main_task);
  int error = run_until_done(loop, main_task);
  if (error < 0) return error;
  error = cancel_all(loop);
  if (error == 0) error = await_threads(loop);
  return error < 0 ? error : outcome(loop, main_task);
}

int sp_run_at(sp_coroutine *fn, void *arg, const sp_task_options *options, const char *fn_name,
              const char *where)
{
  if (sp__loop_current) return sp__fail(SP_ERUNNING, NULL);
  int refused = sp__host_check();
  if (refused < 0) return refused;
  sp_loop *loop = sp__switch_open() ? loop_open() : NULL;
  if (!loop) return sp__fail(SP_ENOMEM, "no memory for an event loop");
  sp__loop_current = loop;
  sp_task *main_task = sp__task_new(loop, fn, arg, options, fn_name, where);
  int result = main_task ? run_main(loop, main_task) : SP_ENOMEM;
  loop_close(loop);
  sp__loop_current = NULL;
  sp__switch_close();
  return result;
}

sp_loop *sp_loop_running(void) { return sp__loop_current; }
