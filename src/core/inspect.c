/* The state of a loop and its tasks while they run, in numbers and names; graph.c has it as
 * text. */
#include "core/inspect.h"
#include "core/future.h"
#include "core/loop.h"
#include "core/repr.h"
#include "core/task.h"
#include "host/host.h"
#include "spindle.h"
#include "switch/switch.h"

/* --- the loop --- */

void sp_loop_statistics(sp_loop *loop, sp_statistics *statistics)
{
  bool in_turn = loop->turning && !loop->closed;
  double turn = in_turn ? sp__host_now(loop->host) - loop->clock.turn_began : 0;
  *statistics = (sp_statistics){
      .tasks = loop->tasks.pending,
      .switches = loop->statistics.switches,
      .iterations = loop->statistics.iterations,
      .task_memory = loop->closed ? 0 : sp__stacks_held(loop->stacks.pool),
      .busy = loop->statistics.busy + turn,
  };
}

size_t sp_all_tasks(sp_loop *loop, sp_task **tasks, size_t capacity)
{
  size_t count = 0;
  for (sp__task *task = loop->tasks.first; task && count < capacity; task = task->next) {
    if (task->future.state == SP__PENDING) tasks[count++] = &task->future;
  }
  return loop->tasks.pending;
}

/* --- a task --- */

enum sp__doing sp__task_doing(const sp__task *task)
{
  const sp_future *on = task->waiting_on;
  if (task->future.state != SP__PENDING) return SP__DONE;
  if (task == task->future.loop->current) return SP__RUNNING;
  if (!sp__task_has_begun(task)) return SP__NEW;
  return on && on->state == SP__PENDING ? SP__WAITING : SP__READY;
}

const char *sp_task_coro_name(const sp_task *task) { return sp__task_of(task)->fn_name; }

const char *sp_task_where(const sp_task *task) { return sp__task_of(task)->where; }

const char *sp_task_call(const sp_task *handle)
{
  const sp__task *task = sp__task_of(handle);
  enum sp__doing doing = sp__task_doing(task);
  bool suspended = doing == SP__WAITING || doing == SP__READY;
  return suspended ? sp__call_name(task->where) : "";
}

double sp_task_since(const sp_task *task) { return sp__task_of(task)->since; }

/* --- what it waits for --- */

sp__await_iter sp__await_iter_begin(const sp__task *task)
{
  if (task->awaits) return (sp__await_iter){.awaits = sp__await_frame_read(task->awaits)};
  sp__await_frame one = {.futures = &task->waiting_on, .count = task->waiting_on ? 1 : 0};
  return (sp__await_iter){.awaits = one};
}

sp__task *sp__await_iter_next(sp__await_iter *from)
{
  for (;; from->awaits = sp__await_frame_read(from->awaits.outer), from->index = 0) {
    while (from->index < from->awaits.count) {
      sp_future *awaited = from->awaits.futures[from->index++];
      bool counts = awaited->kind == SP__TASK && awaited->state == SP__PENDING;
      if (counts) return sp__task_of(awaited);
    }
    if (!from->awaits.outer) return NULL;
  }
}
