/* What other threads send to a loop. */
#ifndef SP_CORE_MAILBOX_H
#define SP_CORE_MAILBOX_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/call.h"
#include "core/ready.h"
#include "host/host.h"
#include "spindle.h"

/* Its handle's turn comes on the loop's thread, in the order of sending. */
typedef struct sp__mailbox_message {
  sp__runnable runnable;
  struct sp__mailbox_message *next;
} sp__mailbox_message;

/* It outlives the loop where a sp_remote_task does. */
typedef struct sp__mailbox {
  sp__mutex *mutex;
  sp_loop *loop;
  atomic_bool waiting; /* there is a message, and the loop has been woken */
  sp__mailbox_message *first, *last;
  struct sp__sent_block *blocks;
  struct sp__sent_call *free_calls;
  struct {
    sp_remote_task *first, *last;
  } remote_tasks;
  sp__cond *arrived; /* a message, after the loop was closed */
  int refs;
  bool closed;
  sp__runnable runnable; /* the loop's thread's, as what follows */
  sp__mailbox_message *taken;
} sp__mailbox;

/* Opens loop->mailbox. 0 or SP_ENOMEM. */
int sp__mailbox_open(sp_loop *loop);

/* Takes no more calls and ends every sp_remote_task. The loop must be closed. */
void sp__mailbox_close(sp__mailbox *mailbox);

/* After that: blocks until a message comes, and runs it. */
void sp__mailbox_await(sp__mailbox *mailbox);

void sp__mailbox_unref(sp__mailbox *mailbox);

/* From any thread. The message's memory must last until its handle runs. */
void sp__mailbox_send(sp__mailbox *mailbox, sp__mailbox_message *message);

/* The same where the mutex is held. */
void sp__mailbox_put(sp__mailbox *mailbox, sp__mailbox_message *message);

static inline bool sp__mailbox_has_mail(sp__mailbox *mailbox)
{
  return atomic_load_explicit(&mailbox->waiting, memory_order_acquire);
}

/* What was sent becomes ready. */
void sp__mailbox_take(sp__mailbox *mailbox);

void sp__mailbox_call_free(sp__call *call);

/* remote.c: ends those that other threads asked for. */
void sp__remote_tasks_close(sp__mailbox *mailbox);

#endif
