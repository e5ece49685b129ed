/* Tasks: a future, the coroutine that fulfils it, and what the coroutine waits for. */
#ifndef SP_CORE_TASK_H
#define SP_CORE_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/future.h"
#include "core/list.h"
#include "core/local.h"
#include "core/ready.h"
#include "spindle.h"
#include "switch/switch.h"

/* What a task waits for, when that is more than the future that wakes it. The futures live as long
 * as the record; they may be done. */
typedef struct sp__await_frame {
  sp_future *const *futures; /* count of them */
  size_t count;
  const struct sp__await_frame
      *shared; /* NULL, or the frame that has the futures: many tasks wait for the same */
  const struct sp__await_frame *outer;
} sp__await_frame;

static inline sp__await_frame sp__await_frame_read(const sp__await_frame *awaits)
{
  const sp__await_frame *list = awaits->shared ? awaits->shared : awaits;
  return (sp__await_frame){.futures = list->futures, .count = list->count, .outer = awaits->outer};
}

/* What each step touches comes first, natively in two cache lines. */
typedef struct sp__task {
  sp__coroutine coroutine; /* first: its memory is the top of its stack */
  sp__coroutine *active;   /* where it runs or is suspended: its own, or a generator's */
  sp__waiter waiter;       /* its step: enqueued by what it waits for */
  sp_future *waiting_on;
  const char *where;  /* of its last suspension, or of its creation; an SP_HERE */
  double since;       /* the loop's clock at that moment */
  bool must_cancel;   /* the next suspension returns SP_ECANCELED */
  bool handoff;       /* it left its coroutine only to continue in another at once */
  bool ends_with_run; /* it existed when the run was shut down */
  bool is_loops_own;  /* not reported if it never ends */
  bool awaited;       /* graph.c: somebody waits for it */
  bool told;          /* graph.c: it is in the text already */
  bool asked;         /* cancel.c: a request to stop has passed it */
  sp_future future;
  const sp__await_frame
      *awaits;            /* what `waiting_on` stands for, innermost first; NULL: for itself */
  struct sp__task *eager; /* a task to begin before this one continues */
  const char *fn_name;
  char *name;
  sp__binding *locals;
  sp__detail *cancel_detail; /* of the last cancellation request */
  sp__message message;
  struct sp__task *previous, *next; /* all tasks of the loop */
  uint64_t number;    /* N of "Task-N"; 0 for a task created with a name, which is not counted */
  uint64_t id;        /* unique among the tasks of this thread, past ones included */
  uint32_t listed_as; /* its index in a list that a host is making, from 1; else 0 */
  uint32_t handles;   /* how many handles the program has */
  int cancels;
  uint32_t requests; /* cancel.c: requests to be passed on ... */
  uint32_t askers;   /* ... once so many tasks that await it have passed on theirs */
} sp__task;

static inline sp__task *sp__task_of(const sp_future *future)
{
  return SP__OWNER(future, sp__task, future);
}

/* Returns the task that this one awaits directly; NULL: none. */
static inline sp__task *sp__task_awaited(const sp__task *task)
{
  const sp_future *future = task->waiting_on;
  bool is_task = future && future->kind == SP__TASK && future->state == SP__PENDING;
  return is_task ? sp__task_of(future) : NULL;
}

/* Several tasks may wait for one of which the program has one handle. */
static inline void sp__task_release_handle(sp__task *task)
{
  if (task->handles > 0) task->handles--;
}

/* Returns the size of the stack that the options ask for, the copy of an argument included. */
size_t sp__stack_size(const sp_task_options *options);

/* Returns a coroutine as the options (may be NULL) specify, with `arg` or its copy as the argument
 * of its function. NULL: out of memory. */
void *sp__coroutine_for(sp_loop *loop, size_t owner_size, void *arg,
                        const sp_task_options *options);

/* Ends a task that is done and has no handles or references. */
void sp__task_end_if_unused(sp__task *task);

/* Reports an error that was never retrieved and frees the task, which must be done or its loop
 * closed. */
void sp__task_end(sp__task *task);

/* What a task's runnable runs: the task, until it suspends or ends. The web build names it, since
 * it has to know the functions between the loop and a coroutine. The first step is a function of
 * its own, since a task may be cancelled before it begins. */
void sp__task_step(sp__runnable *runnable);
void sp__task_first_step(sp__runnable *runnable);

static inline bool sp__task_has_begun(const sp__task *task)
{
  return task->waiter.runnable.run == sp__task_step;
}

static inline bool sp__runnable_is_step(const sp__runnable *runnable)
{
  return runnable->run == sp__task_step || runnable->run == sp__task_first_step;
}

/* The task left its coroutine other than to wait: it has ended, or continues elsewhere at once.
 * `creator` is the creator of a task that begins eagerly, or NULL. */
void sp__task_came_back(sp__task *task, sp__task *creator);

/* Returns the running task if it can be suspended here, or NULL with the message set
 * (SP_ENOTASK). */
sp__task *sp__task_suspendable(void);

/* Suspends the task until the future is done. Returns its result, or SP_ECANCELED when the task was
 * cancelled meanwhile. suspend.h has the same inlined. */
int sp__task_wait(sp__task *task, sp_future *future, const char *where);

/* The same for a future that stands for those of `awaits`. */
int sp__task_wait_for(sp__task *task, sp__await_frame *awaits, sp_future *future,
                      const char *where);

static inline void sp__task_push_await_frame(sp__task *task, sp__await_frame *awaits)
{
  awaits->outer = task->awaits;
  task->awaits = awaits;
}

static inline void sp__task_pop_await_frame(sp__task *task) { task->awaits = task->awaits->outer; }

/* A handoff: continues at once in another coroutine of the same task, from the loop's stack.
 * Returns when something hands off to the calling coroutine. */
void sp__task_hand_off(sp__task *task, sp__coroutine *to);

#endif
