/* The mailbox: what other threads send to a loop.
 *
 * Messages wait in a list under a mutex. An iteration begins by taking all that have arrived, in
 * their order; one runnable, whose slot in the ready queue is the mailbox's own, runs them. So
 * sending a message needs no memory but the message's, and delivering it needs none. The sender of
 * the first message into an empty mailbox wakes the loop. */
#include <math.h>
#include <stdlib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/list.h"
#include "core/local.h"
#include "core/loop.h"
#include "core/mailbox.h"
#include "core/ready.h"
#include "host/host.h"
#include "spindle.h"

enum { BLOCK_CALLS = 64 };

/* A call from another thread. Like the loop's own calls it lives as long as the loop, so that its
 * generation tells when it is over; but it is allocated and freed under the mutex. */
typedef struct sp__sent_call {
  sp__call call; /* first: call.c frees it by that */
  sp__mailbox_message message;
  struct sp__sent_call *next_free;
} sent_call;

struct sp__sent_block {
  struct sp__sent_block *next;
  sent_call calls[BLOCK_CALLS];
};

/* --- receiving: on the loop's thread --- */

static void run_messages(sp__mailbox_message *message)
{
  while (message) {
    sp__mailbox_message *next = message->next;
    message->runnable.run(&message->runnable);
    message = next;
  }
}

static void run_taken(sp__runnable *runnable)
{
  sp__mailbox *mailbox = SP__OWNER(runnable, sp__mailbox, runnable);
  sp__mailbox_message *taken = mailbox->taken;
  mailbox->taken = NULL;
  run_messages(taken);
}

static sp__mailbox_message *empty(sp__mailbox *mailbox)
{
  sp__mailbox_message *first = mailbox->first;
  mailbox->first = mailbox->last = NULL;
  atomic_store_explicit(&mailbox->waiting, false, memory_order_relaxed);
  return first;
}

void sp__mailbox_take(sp__mailbox *mailbox)
{
  sp__host_mutex_lock(mailbox->mutex);
  mailbox->taken = empty(mailbox);
  sp__host_mutex_unlock(mailbox->mutex);
  if (mailbox->taken) sp__ready_push(&mailbox->loop->ready, &mailbox->runnable);
}

/* --- sending: from any thread --- */

void sp__mailbox_put(sp__mailbox *mailbox, sp__mailbox_message *message)
{
  SP__QUEUE_APPEND(mailbox, message);
  if (mailbox->closed) {
    sp__host_cond_broadcast(mailbox->arrived);
  } else if (!atomic_load_explicit(&mailbox->waiting, memory_order_relaxed)) {
    atomic_store_explicit(&mailbox->waiting, true, memory_order_release);
    sp__host_wake_from_thread(mailbox->loop->host);
  }
}

void sp__mailbox_send(sp__mailbox *mailbox, sp__mailbox_message *message)
{
  sp__host_mutex_lock(mailbox->mutex);
  sp__mailbox_put(mailbox, message);
  sp__host_mutex_unlock(mailbox->mutex);
}

/* --- calls --- */

static bool add_calls(sp__mailbox *mailbox)
{
  struct sp__sent_block *block = calloc(1, sizeof *block);
  if (!block) return false;
  block->next = mailbox->blocks;
  mailbox->blocks = block;
  for (int i = BLOCK_CALLS - 1; i >= 0; i--) {
    block->calls[i].next_free = mailbox->free_calls;
    mailbox->free_calls = &block->calls[i];
  }
  return true;
}

static void run_call(sp__runnable *runnable)
{
  sent_call *sent = SP__OWNER(runnable, sent_call, message.runnable);
  sent->call.runnable.run(&sent->call.runnable);
}

void sp__mailbox_call_free(sp__call *call)
{
  sent_call *sent = SP__OWNER(call, sent_call, call);
  sp__mailbox *mailbox = call->loop->mailbox;
  sp__host_mutex_lock(mailbox->mutex);
  call->generation++;
  sent->next_free = mailbox->free_calls;
  mailbox->free_calls = sent;
  sp__host_mutex_unlock(mailbox->mutex);
}

static int put_call(sp__mailbox *mailbox, sp_callback *fn, void *arg, sp_handle *handle)
{
  if (mailbox->closed) return SP_ECLOSED;
  if (!mailbox->free_calls && !add_calls(mailbox)) return SP_ENOMEM;
  sent_call *sent = mailbox->free_calls;
  mailbox->free_calls = sent->next_free;
  sp__call_fill(&sent->call, mailbox->loop, fn, arg);
  sent->call.sent = true;
  sent->call.locals = sp__locals_inherit();
  sent->message.runnable.run = run_call;
  *handle = (sp_handle){.call = &sent->call, .generation = sent->call.generation};
  sp__mailbox_put(mailbox, &sent->message);
  return 0;
}

sp_handle sp_loop_call_soon_threadsafe(sp_loop *loop, sp_callback *fn, void *arg)
{
  if (!loop || sp__loop_runs_here(loop)) return sp_loop_call_soon(loop, fn, arg);
  sp_handle handle = {.call = NULL, .generation = 0};
  sp__host_mutex_lock(loop->mailbox->mutex);
  int error = put_call(loop->mailbox, fn, arg, &handle);
  sp__host_mutex_unlock(loop->mailbox->mutex);
  if (error < 0) sp__fail(error, NULL);
  return handle;
}

/* --- lifetime --- */

static void destroy(sp__mailbox *mailbox)
{
  while (mailbox->blocks) {
    struct sp__sent_block *block = mailbox->blocks;
    mailbox->blocks = block->next;
    free(block);
  }
  if (mailbox->arrived) sp__host_cond_free(mailbox->arrived);
  if (mailbox->mutex) sp__host_mutex_free(mailbox->mutex);
  free(mailbox);
}

int sp__mailbox_open(sp_loop *loop)
{
  sp__mailbox *mailbox = calloc(1, sizeof *mailbox);
  if (!mailbox) return sp__fail(SP_ENOMEM, NULL);
  mailbox->mutex = sp__host_mutex_new();
  mailbox->arrived = sp__host_cond_new();
  if (!mailbox->mutex || !mailbox->arrived || sp__ready_reserve(&loop->ready) < 0) {
    destroy(mailbox);
    return sp__fail(SP_ENOMEM, NULL);
  }
  mailbox->refs = 1;
  mailbox->loop = loop;
  mailbox->runnable.run = run_taken;
  loop->mailbox = mailbox;
  return 0;
}

/* Earlier messages are dropped by their own runnables, which see that the loop is closed. */
void sp__mailbox_close(sp__mailbox *mailbox)
{
  sp__host_mutex_lock(mailbox->mutex);
  mailbox->closed = true;
  sp__mailbox_message *first = empty(mailbox);
  sp__host_mutex_unlock(mailbox->mutex);
  run_messages(first);
  sp__remote_tasks_close(mailbox);
}

void sp__mailbox_await(sp__mailbox *mailbox)
{
  sp__host_mutex_lock(mailbox->mutex);
  while (!mailbox->first) sp__host_cond_wait(mailbox->arrived, mailbox->mutex, INFINITY);
  sp__mailbox_message *first = empty(mailbox);
  sp__host_mutex_unlock(mailbox->mutex);
  run_messages(first);
}

void sp__mailbox_unref(sp__mailbox *mailbox)
{
  sp__host_mutex_lock(mailbox->mutex);
  bool unused = --mailbox->refs == 0;
  sp__host_mutex_unlock(mailbox->mutex);
  if (unused) destroy(mailbox);
}
