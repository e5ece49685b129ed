/* Calls that the loop makes for a program, and the one that wakes a task that sleeps. */
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
  double when; /* NaN: as soon as can be */
  struct sp__call *next_free;
  uint32_t generation; /* told apart from the call that had this memory before */
  bool in_heap;
  bool cancelled;
  bool sent;  /* by another thread: it is the mailbox's */
  bool slept; /* it wakes a task, which frees it then */
} sp__call;

typedef struct sp__calls {
  struct sp__call_block *blocks;
  sp__call *free;
} sp__calls;

/* What its runnable runs. */
void sp__call_run(sp__runnable *runnable);

/* Writes what is to be called into memory that is free. */
void sp__call_fill(sp__call *call, sp_loop *loop, sp_callback *fn, void *arg);

/* Calls of spindle's own: they have no task-locals. `call` is NULL, with the message set, when
 * there is no memory, the loop is closed or the time is a NaN. */
sp_handle sp__call_soon(sp_loop *loop, sp_callback *fn, void *arg);
sp_handle sp__call_at(sp_loop *loop, double when, sp_callback *fn, void *arg);

void sp__call_cancel(sp__call *call);
void sp__call_free(sp__call *call);
void sp__calls_free_all(sp__calls *calls);

/* A call, and what a task waits for that sleeps until then: beside each other, so that to wake the task
 * its stack need not be fetched. Each call of a loop has that capacity. */
typedef struct sp__alarm {
  sp__call call;
  sp_future woken;
} sp__alarm;

#endif
