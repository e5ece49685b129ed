/* What other threads send to a loop. */
#ifndef SP_CORE_INBOX_H
#define SP_CORE_INBOX_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/call.h"
#include "core/ready.h"
#include "host/host.h"
#include "spindle.h"

/* Its handle's turn comes on the loop's thread, in the order of sending. */
typedef struct sp__letter {
  sp__runnable runnable;
  struct sp__letter *next;
} sp__letter;

/* It outlives the loop where a sp_remote_task does. */
typedef struct sp__inbox {
  sp__mutex *mutex;
  sp_loop *loop;
  atomic_bool waiting; /* there is a letter, and the loop has been woken */
  sp__letter *first, *last;
  struct sp__sent_block *blocks;
  struct sp__sent_call *free_calls;
  struct {
    sp_remote_task *first, *last;
  } remote_tasks;
  sp__cond *came; /* a letter, after the loop was closed */
  int holders;
  bool closed;
  sp__runnable runnable; /* the loop's thread's, as what follows */
  sp__letter *taken;
} sp__inbox;

/* Opens loop->inbox. 0 or SP_ENOMEM. */
int sp__inbox_open(sp_loop *loop);

/* Takes no more calls and ends every sp_remote_task. The loop must be closed. */
void sp__inbox_close(sp__inbox *inbox);

/* After that: blocks until a letter comes, and runs it. */
void sp__inbox_await(sp__inbox *inbox);

void sp__inbox_release(sp__inbox *inbox);

/* From any thread. The letter's memory must last until its handle runs. */
void sp__inbox_send(sp__inbox *inbox, sp__letter *letter);

/* The same where the mutex is held. */
void sp__inbox_put(sp__inbox *inbox, sp__letter *letter);

static inline bool sp__inbox_has_mail(sp__inbox *inbox)
{
  return atomic_load_explicit(&inbox->waiting, memory_order_acquire);
}

/* What was sent becomes ready. */
void sp__inbox_take(sp__inbox *inbox);

void sp__inbox_call_free(sp__call *call);

/* remote.c: ends those that other threads asked for. */
void sp__remote_tasks_close(sp__inbox *inbox);

#endif
