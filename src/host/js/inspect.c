/* What the page asks of a running program: to list its tasks, to cancel one, and its statistics.
 * C's side of `spindle.tasks` and of the functions beside it.
 *
 * However many tasks there are, the page gets them by one call: a block with all that is to be
 * known of each, which JavaScript reads and frees. Names in it are borrowed. */
#include <emscripten.h>
#include <stdlib.h>

#include "core/future.h"
#include "core/inspect.h"
#include "core/loop.h"
#include "core/task.h"
#include "host/js/js_host.h"
#include "spindle.h"

/* The layout that spindle.js reads. */
typedef struct listed {
  double id;
  double number; /* N of "Task-N", for one without a name */
  double seconds;
  const char *name; /* or NULL */
  const char *coroutine;
  const char *call;
  const char *where;
  uint32_t doing;
  uint32_t cancelling;
  uint32_t awaited; /* how many of the listed it waits for */
} listed;

_Static_assert(sizeof(listed) == 56, "spindle.js counts on it");

/* The block: this, `count` tasks, and for each in turn the indices of the tasks that it waits
 * for. */
typedef struct list {
  double count;
  listed tasks[];
} list;

/* Numbers the listed tasks, from 1, until the list is made. */
static uint32_t choose(sp_loop *loop, uint32_t limit, sp__task **chosen)
{
  uint32_t count = 0;
  for (sp__task *task = loop->tasks.first; task && count < limit; task = task->next) {
    if (task->future.state != SP__PENDING) continue;
    chosen[count++] = task;
    task->listed_as = count;
  }
  return count;
}

static void forget_list(sp__task *const *chosen, uint32_t count)
{
  for (uint32_t i = 0; i < count; i++) chosen[i]->listed_as = 0;
}

/* Writes the indices of those that the task waits for, or only counts them when `indices` is
 * NULL. */
static uint32_t list_awaited(const sp__task *task, uint32_t *indices)
{
  uint32_t count = 0;
  sp__await_iter from = sp__await_iter_begin(task);
  const sp__task *awaited;
  while ((awaited = sp__await_iter_next(&from))) {
    if (awaited->listed_as == 0) continue;
    if (indices) indices[count] = awaited->listed_as - 1;
    count++;
  }
  return count;
}

static listed describe(const sp__task *task, double now)
{
  return (listed){
      .id = (double)task->id,
      .number = (double)task->number,
      .seconds = now - task->since,
      .name = task->name,
      .coroutine = task->fn_name,
      .call = sp_task_call(&task->future),
      .where = task->where,
      .doing = sp__task_doing(task),
      .cancelling = task->cancels > 0,
  };
}

static list *make_list(sp_loop *loop, sp__task *const *chosen, uint32_t count)
{
  size_t awaited = 0;
  for (uint32_t i = 0; i < count; i++) awaited += list_awaited(chosen[i], NULL);
  list *made = malloc(sizeof *made + count * sizeof *made->tasks + awaited * sizeof(uint32_t));
  if (!made) return NULL;
  uint32_t *indices = (uint32_t *)(void *)(made->tasks + count);
  double now = sp_loop_time(loop);
  made->count = count;
  for (uint32_t i = 0; i < count; i++) {
    made->tasks[i] = describe(chosen[i], now);
    made->tasks[i].awaited = list_awaited(chosen[i], indices);
    indices += made->tasks[i].awaited;
  }
  return made;
}

/* Returns the first `limit` tasks that are not done, to be freed, or NULL when out of memory or
 * when nothing runs. */
EMSCRIPTEN_KEEPALIVE list *sp__js_tasks(uint32_t limit)
{
  sp_loop *loop = sp_loop_running();
  if (!loop) return NULL;
  uint32_t capacity = loop->tasks.pending < limit ? (uint32_t)loop->tasks.pending : limit;
  sp__task **chosen = malloc((capacity + 1) * sizeof *chosen);
  if (!chosen) return NULL;
  uint32_t count = choose(loop, capacity, chosen);
  list *made = make_list(loop, chosen, count);
  forget_list(chosen, count);
  free(chosen);
  return made;
}

EMSCRIPTEN_KEEPALIVE bool sp__js_cancel(double id)
{
  const sp_loop *loop = sp_loop_running();
  sp__task *task = loop ? loop->tasks.first : NULL;
  while (task && (double)task->id != id) task = task->next;
  return task && sp_task_cancel(&task->future, NULL);
}

/* Returns six numbers, which stay until the next call, or NULL when nothing runs. */
EMSCRIPTEN_KEEPALIVE const double *sp__js_statistics(void)
{
  static double figures[6];
  sp_loop *loop = sp_loop_running();
  if (!loop) return NULL;
  sp_statistics now;
  sp_loop_statistics(loop, &now);
  figures[0] = (double)now.tasks;
  figures[1] = (double)now.switches;
  figures[2] = (double)now.iterations;
  figures[3] = (double)now.task_memory;
  figures[4] = sp_loop_time(loop);
  figures[5] = now.busy;
  return figures;
}
