/* What other threads send to a loop. */
#ifndef SP_CORE_MAILBOX_H
#define SP_CORE_MAILBOX_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/call.h"
#include "core/ready.h"
#include "host/host.h"
#include "spindle.h"

/* Its runnable runs on the loop's thread, in the order of sending. */
typedef struct sp__mailbox_message {
  sp__runnable runnable;
  struct sp__mailbox_message *next;
} sp__mailbox_message;

/* Outlives the loop if a sp_remote_task does. */
typedef struct sp__mailbox {
  sp__mutex *mutex;
  sp_loop *loop;
  atomic_bool waiting; /* it has messages, and the loop has been woken */
  sp__mailbox_message *first, *last;
  struct sp__sent_block *blocks;
  struct sp__sent_call *free_calls;
  struct {
    sp_remote_task *first, *last;
  } remote_tasks;
  sp__cond *arrived; /* signals a message after the loop was closed */
  int refs;
  bool closed;
  sp__runnable runnable; /* only for the loop's thread, as is `taken` */
  sp__mailbox_message *taken;
} sp__mailbox;

/* Opens loop->mailbox. Returns 0 on success, or SP_ENOMEM. */
int sp__mailbox_open(sp_loop *loop);

/* Refuses further calls and ends every sp_remote_task. The loop must be closed. */
void sp__mailbox_close(sp__mailbox *mailbox);

/* After sp__mailbox_close: blocks until a message arrives, and runs it. */
void sp__mailbox_await(sp__mailbox *mailbox);

void sp__mailbox_unref(sp__mailbox *mailbox);

/* From any thread. The message's memory must last until its runnable runs. */
void sp__mailbox_send(sp__mailbox *mailbox, sp__mailbox_message *message);

/* The same for a caller that holds the mutex. */
void sp__mailbox_put(sp__mailbox *mailbox, sp__mailbox_message *message);

static inline bool sp__mailbox_has_mail(sp__mailbox *mailbox)
{
  return atomic_load_explicit(&mailbox->waiting, memory_order_acquire);
}

/* The messages sent so far become ready, in their order. */
void sp__mailbox_take(sp__mailbox *mailbox);

void sp__mailbox_call_free(sp__call *call);

/* remote.c: ends the tasks that other threads created. */
void sp__remote_tasks_close(sp__mailbox *mailbox);

#endif
