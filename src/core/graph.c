/* The tasks, and who waits for whom, as text.
 *
 * Both texts are walks from a line to the lines below it: a tree of tasks goes from a waiting task
 * to what it waits for, a call graph the other way. Each task is written once, so cycles end. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/future.h"
#include "core/generator.h"
#include "core/inspect.h"
#include "core/loop.h"
#include "core/repr.h"
#include "core/task.h"
#include "spindle.h"
#include "switch/switch.h"

enum { NAME_CAPACITY = 128, REPR_CAPACITY = 512, PRODUCERS_MAX = 16, INDENTS_MAX = 64 };

/* --- text: to a file, or cut to its capacity --- */

typedef struct text {
  FILE *file;
  char *to;
  size_t size;
  size_t length; /* before it is cut */
} text;

static void SP__PRINTF(2, 3) add(text *out, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  if (out->file) {
    vfprintf(out->file, format, arguments);
  } else {
    size_t capacity = out->length < out->size ? out->size - out->length : 0;
    char *to = capacity > 0 ? out->to + out->length : NULL;
    out->length += (size_t)vsnprintf(to, capacity, format, arguments);
  }
  va_end(arguments);
}

/* --- one task, in a line --- */

/* Adds the producers that the task is in, from the outermost, which is at the end of the chain of
 * askers. If there are many, those in the middle are left out. */
static void add_producers(text *out, const sp__task *task, const sp__coroutine *at)
{
  const sp__coroutine *outer[PRODUCERS_MAX / 2];
  const sp__coroutine *inner[PRODUCERS_MAX / 2];
  size_t half = PRODUCERS_MAX / 2, count = 0;
  for (; at != &task->coroutine; at = sp__producer_asker(at), count++) {
    if (count < half) inner[count] = at;
    outer[count % half] = at;
  }
  for (size_t left = count; left > 0; left--) {
    size_t index = left - 1;
    if (index < half) {
      add(out, " > %s()", sp__producer_name(inner[index]));
    } else if (left > count - half) {
      add(out, " > %s()", sp__producer_name(outer[index % half]));
    } else {
      add(out, " > (%zu more)", count - 2 * half);
      left = half + 1;
    }
  }
}

/* As "reads() > lines() > bytes()": the task's function, and the producers that it is in. */
static void add_functions(text *out, const sp__task *task)
{
  add(out, "%s()", task->fn_name);
  add_producers(out, task, task->active);
}

static void add_state(text *out, const sp__task *task, double now)
{
  const char *where = sp__file_name(task->where);
  const char *call = sp__call_name(task->where);
  double seconds = now - task->since;
  switch (sp__task_doing(task)) {
    case SP__DONE:
      add(out, "is done");
      break;
    case SP__RUNNING:
      add(out, "runs");
      break;
    case SP__NEW:
      add(out, "has not begun, created at %s %.3f s ago", where, seconds);
      break;
    case SP__READY:
      add(out, "is ready at %s after %.3f s", where, seconds);
      break;
    case SP__WAITING:
      add(out, "waits%s%s at %s for %.3f s", *call ? " in " : "", call, where, seconds);
      break;
  }
}

static void add_task(text *out, const sp__task *task, double now)
{
  char name[NAME_CAPACITY];
  sp__task_write_name(task, name, sizeof name);
  add(out, "%s: ", name);
  add_functions(out, task);
  add(out, " ");
  add_state(out, task, now);
  if (task->future.state == SP__PENDING && task->cancels > 0) add(out, ", cancelling");
}

/* --- who waits for whom --- */

static bool is_pending(const sp__task *task) { return task->future.state == SP__PENDING; }

/* A task waits for a future. */
typedef struct edge {
  const sp_future *awaited; /* NULL ends a list */
  sp__task *task;
  size_t number; /* in the order of the tasks' creation */
} edge;

/* Lists all edges of the loop, or only counts them when `edges` is NULL. */
static size_t list_edges(sp_loop *loop, edge *edges)
{
  size_t count = 0;
  for (sp__task *task = loop->tasks.first; task; task = task->next) {
    sp__await_frame awaits = {0};
    if (is_pending(task)) awaits = sp__await_iter_begin(task).awaits;
    for (;; awaits = sp__await_frame_read(awaits.outer)) {
      for (size_t i = 0; i < awaits.count; i++, count++) {
        if (edges) edges[count] = (edge){awaits.futures[i], task, count};
      }
      if (!awaits.outer) break;
    }
  }
  return count;
}

static int compare_edges(const void *one, const void *other)
{
  const edge *a = one, *b = other;
  uintptr_t awaited_a = (uintptr_t)a->awaited, awaited_b = (uintptr_t)b->awaited;
  if (awaited_a != awaited_b) return awaited_a < awaited_b ? -1 : 1;
  return a->number < b->number ? -1 : a->number > b->number;
}

/* All edges, those to the same future together; NULL without memory. */
static edge *sorted_edges(sp_loop *loop, size_t *count)
{
  *count = list_edges(loop, NULL);
  edge *edges = malloc((*count + 1) * sizeof *edges);
  if (!edges) return NULL;
  list_edges(loop, edges);
  edges[*count] = (edge){0};
  qsort(edges, *count, sizeof *edges, compare_edges);
  return edges;
}

static const edge *first_edge_to(const sp_future *future, const edge *edges, size_t count)
{
  size_t from = 0, to = count;
  while (from < to) {
    size_t middle = from + (to - from) / 2;
    if ((uintptr_t)edges[middle].awaited < (uintptr_t)future) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return edges + from;
}

/* A line of the text, and how far the lines below it have been written. */
typedef struct level {
  const sp_future *future;
  sp__await_iter awaited; /* below it: what it waits for ... */
  const edge *edge;       /* ... or who waits for it */
} level;

static sp__task *next_awaited(level *from) { return sp__await_iter_next(&from->awaited); }

static sp__task *next_who_awaits(level *from)
{
  while (from->edge->awaited == from->future) {
    const edge *here = from->edge++;
    bool again = from->edge->awaited == here->awaited && from->edge->task == here->task;
    if (!again) return here->task;
  }
  return NULL;
}

/* --- walks --- */

typedef struct walk {
  text text;
  double now;
  const char *relation; /* between a line and the one above it */
  sp__task *(*next)(level *from);
  level *levels; /* the lines above the next one; capacity for all tasks */
  size_t depth;
  edge *edges; /* for a walk from what is awaited to who awaits it; else NULL */
  size_t edge_count;
} walk;

static bool walk_begin(walk *self, sp_loop *loop)
{
  size_t count = 1; /* and a future that is no task */
  for (sp__task *task = loop->tasks.first; task; task = task->next) {
    task->told = task->awaited = false;
    count++;
  }
  self->now = sp_loop_time(loop);
  self->levels = malloc(count * sizeof *self->levels);
  return self->levels != NULL;
}

static void add_line(walk *self, const sp_future *future)
{
  text *out = &self->text;
  for (size_t i = 0; i < self->depth && i < INDENTS_MAX; i++) add(out, "  ");
  if (self->depth > INDENTS_MAX) add(out, "[%zu] ", self->depth);
  if (self->depth > 0) add(out, "%s", self->relation);
  if (future->kind == SP__TASK) {
    const sp__task *task = sp__task_of(future);
    add_task(out, task, self->now);
    if (task->told) add(out, " (see above)");
  } else {
    char repr[REPR_CAPACITY];
    sp_repr(future, repr, sizeof repr);
    add(out, "%s", repr);
  }
  add(out, "\n");
}

/* Writes the future's line, and descends to the lines below it unless they have been written. */
static void enter(walk *self, const sp_future *future)
{
  add_line(self, future);
  level here = {.future = future};
  if (self->edges) here.edge = first_edge_to(future, self->edges, self->edge_count);
  if (future->kind == SP__TASK) {
    sp__task *task = sp__task_of(future);
    if (task->told) return;
    task->told = true;
    here.awaited = sp__await_iter_begin(task);
  }
  self->levels[self->depth++] = here;
}

static void walk_from(walk *self, const sp_future *root)
{
  enter(self, root);
  while (self->depth > 0) {
    sp__task *next = self->next(&self->levels[self->depth - 1]);
    if (next) {
      enter(self, &next->future);
    } else {
      self->depth--;
    }
  }
}

static size_t walk_end(walk *self)
{
  free(self->levels);
  free(self->edges);
  return self->text.length;
}

/* --- all tasks, each below the one that waits for it --- */

static void mark_awaited(sp_loop *loop)
{
  for (sp__task *task = loop->tasks.first; task; task = task->next) {
    sp__await_iter from = sp__await_iter_begin(task);
    sp__task *awaited = is_pending(task) ? sp__await_iter_next(&from) : NULL;
    for (; awaited; awaited = sp__await_iter_next(&from)) awaited->awaited = true;
  }
}

/* Tasks that nobody waits for are at the top; the remaining ones then are in cycles. */
static size_t tell_tasks(sp_loop *loop, text to)
{
  walk tree = {.text = to, .relation = "", .next = next_awaited};
  add(&tree.text, "%s", "");
  if (!walk_begin(&tree, loop)) return 0;
  mark_awaited(loop);
  for (int circles = 0; circles < 2; circles++) {
    for (sp__task *task = loop->tasks.first; task; task = task->next) {
      bool at_top = is_pending(task) && !task->told && (circles || !task->awaited);
      if (at_top) walk_from(&tree, &task->future);
    }
  }
  return walk_end(&tree);
}

size_t sp_format_tasks(sp_loop *loop, char *to, size_t size)
{
  return tell_tasks(loop, (text){.to = to, .size = size});
}

void sp_print_tasks(sp_loop *loop) { (void)tell_tasks(loop, (text){.file = stdout}); }

/* --- one future, and who waits for it --- */

static size_t tell_call_graph(const sp_future *future, text to)
{
  walk up = {.text = to, .relation = "awaited by ", .next = next_who_awaits};
  add(&up.text, "%s", "");
  if (!future) future = sp_task_current();
  if (!future) return 0;
  up.edges = sorted_edges(future->loop, &up.edge_count);
  if (!up.edges) return 0;
  if (walk_begin(&up, future->loop)) walk_from(&up, future);
  return walk_end(&up);
}

size_t sp_format_call_graph(const sp_future *future, char *to, size_t size)
{
  return tell_call_graph(future, (text){.to = to, .size = size});
}

void sp_print_call_graph(const sp_future *future)
{
  (void)tell_call_graph(future, (text){.file = stdout});
}
