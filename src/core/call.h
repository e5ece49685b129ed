/* Calls that the loop makes for a program, and the call that wakes a sleeping task. */
#ifndef SP_CORE_CALL_H
#define SP_CORE_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/future.h"
#include "core/local.h"
#include "core/ready.h"
#include "spindle.h"

typedef struct sp__call {
  sp__runnable runnable;
  sp_loop *loop;
  sp_callback *fn;
  void *arg;
  sp__binding *locals;
  double when; /* NaN: as soon as possible */
  struct sp__call *next_free;
  uint32_t generation; /* distinguishes it from the call that had this memory before */
  bool in_heap;
  bool cancelled;
  bool sent;  /* by another thread: the mailbox owns it */
  bool slept; /* it wakes a task, which then frees it */
} sp__call;

typedef struct sp__calls {
  struct sp__call_block *blocks;
  sp__call *free;
} sp__calls;

/* The `run` of its runnable. */
void sp__call_run(sp__runnable *runnable);

/* Initializes a free call. */
void sp__call_fill(sp__call *call, sp_loop *loop, sp_callback *fn, void *arg);

/* Calls of spindle's own, which have no task-locals. `call` is NULL, with the message set, when out
 * of memory, the loop is closed or the time is NaN. */
sp_handle sp__call_soon(sp_loop *loop, sp_callback *fn, void *arg);
sp_handle sp__call_at(sp_loop *loop, double when, sp_callback *fn, void *arg);

void sp__call_cancel(sp__call *call);
void sp__call_free(sp__call *call);
void sp__calls_free_all(sp__calls *calls);

/* A call, and the future that a task sleeping until then waits for: beside each other, so that
 * waking the task does not fetch its stack. Every call of a loop is allocated as one. */
typedef struct sp__alarm {
  sp__call call;
  sp_future woken;
} sp__alarm;

#endif
