/* The inbox: what other threads send to a loop.
 *
 * Letters wait in a list under a mutex. An iteration begins by taking all that have come, in their
 * order; one handle, whose place in the ready queue is the inbox's own, runs them. So sending a
 * letter needs no memory but the letter's, and delivering it needs none. Whoever puts the first one
 * into an empty inbox wakes the loop. */
#include <math.h>
#include <stdlib.h>

#include "core/call.h"
#include "core/error.h"
#include "core/inbox.h"
#include "core/list.h"
#include "core/local.h"
#include "core/loop.h"
#include "core/ready.h"
#include "host/host.h"
#include "spindle.h"

enum { BLOCK_CALLS = 64 };

/* A call from another thread. Like the loop's own it lives as long as the loop does, so that its
 * generation tells when it is over; but it is taken and given back under the mutex. */
typedef struct sp__sent_call {
  sp__call call; /* first: call.c frees it by that */
  sp__letter letter;
  struct sp__sent_call *next_free;
} sent_call;

struct sp__sent_block {
  struct sp__sent_block *next;
  sent_call calls[BLOCK_CALLS];
};

/* --- taking: on the loop's thread --- */

static void run_letters(sp__letter *letter)
{
  while (letter) {
    sp__letter *next = letter->next;
    letter->runnable.run(&letter->runnable);
    letter = next;
  }
}

static void run_taken(sp__runnable *runnable)
{
  sp__inbox *inbox = SP__OWNER(runnable, sp__inbox, runnable);
  sp__letter *taken = inbox->taken;
  inbox->taken = NULL;
  run_letters(taken);
}

static sp__letter *empty(sp__inbox *inbox)
{
  sp__letter *first = inbox->first;
  inbox->first = inbox->last = NULL;
  atomic_store_explicit(&inbox->waiting, false, memory_order_relaxed);
  return first;
}

void sp__inbox_take(sp__inbox *inbox)
{
  sp__host_mutex_lock(inbox->mutex);
  inbox->taken = empty(inbox);
  sp__host_mutex_unlock(inbox->mutex);
  if (inbox->taken) sp__ready_push(&inbox->loop->ready, &inbox->runnable);
}

/* --- sending: from any thread --- */

void sp__inbox_put(sp__inbox *inbox, sp__letter *letter)
{
  letter->next = NULL;
  if (inbox->last) {
    inbox->last->next = letter;
  } else {
    inbox->first = letter;
  }
  inbox->last = letter;
  if (inbox->closed) {
    sp__host_cond_broadcast(inbox->came);
  } else if (!atomic_load_explicit(&inbox->waiting, memory_order_relaxed)) {
    atomic_store_explicit(&inbox->waiting, true, memory_order_release);
    sp__host_wake_from_thread(inbox->loop->host);
  }
}

void sp__inbox_send(sp__inbox *inbox, sp__letter *letter)
{
  sp__host_mutex_lock(inbox->mutex);
  sp__inbox_put(inbox, letter);
  sp__host_mutex_unlock(inbox->mutex);
}

/* --- calls --- */

static bool add_calls(sp__inbox *inbox)
{
  struct sp__sent_block *block = calloc(1, sizeof *block);
  if (!block) return false;
  block->next = inbox->blocks;
  inbox->blocks = block;
  for (int i = BLOCK_CALLS - 1; i >= 0; i--) {
    block->calls[i].next_free = inbox->free_calls;
    inbox->free_calls = &block->calls[i];
  }
  return true;
}

static void run_call(sp__runnable *runnable)
{
  sent_call *sent = SP__OWNER(runnable, sent_call, letter.runnable);
  sent->call.runnable.run(&sent->call.runnable);
}

void sp__inbox_call_free(sp__call *call)
{
  sent_call *sent = SP__OWNER(call, sent_call, call);
  sp__inbox *inbox = call->loop->inbox;
  sp__host_mutex_lock(inbox->mutex);
  call->generation++;
  sent->next_free = inbox->free_calls;
  inbox->free_calls = sent;
  sp__host_mutex_unlock(inbox->mutex);
}

static int put_call(sp__inbox *inbox, sp_callback *fn, void *arg, sp_handle *handle)
{
  if (inbox->closed) return SP_ECLOSED;
  if (!inbox->free_calls && !add_calls(inbox)) return SP_ENOMEM;
  sent_call *sent = inbox->free_calls;
  inbox->free_calls = sent->next_free;
  sp__call_fill(&sent->call, inbox->loop, fn, arg);
  sent->call.sent = true;
  sent->call.locals = sp__locals_inherit();
  sent->letter.runnable.run = run_call;
  *handle = (sp_handle){.call = &sent->call, .generation = sent->call.generation};
  sp__inbox_put(inbox, &sent->letter);
  return 0;
}

sp_handle sp_loop_call_soon_threadsafe(sp_loop *loop, sp_callback *fn, void *arg)
{
  if (!loop || sp__loop_runs_here(loop)) return sp_loop_call_soon(loop, fn, arg);
  sp_handle handle = {.call = NULL, .generation = 0};
  sp__host_mutex_lock(loop->inbox->mutex);
  int error = put_call(loop->inbox, fn, arg, &handle);
  sp__host_mutex_unlock(loop->inbox->mutex);
  if (error < 0) sp__fail(error, NULL);
  return handle;
}

/* --- life --- */

static void destroy(sp__inbox *inbox)
{
  while (inbox->blocks) {
    struct sp__sent_block *block = inbox->blocks;
    inbox->blocks = block->next;
    free(block);
  }
  if (inbox->came) sp__host_cond_free(inbox->came);
  if (inbox->mutex) sp__host_mutex_free(inbox->mutex);
  free(inbox);
}

int sp__inbox_open(sp_loop *loop)
{
  sp__inbox *inbox = calloc(1, sizeof *inbox);
  if (!inbox) return sp__fail(SP_ENOMEM, NULL);
  inbox->mutex = sp__host_mutex_new();
  inbox->came = sp__host_cond_new();
  if (!inbox->mutex || !inbox->came || sp__ready_reserve(&loop->ready) < 0) {
    destroy(inbox);
    return sp__fail(SP_ENOMEM, NULL);
  }
  inbox->holders = 1;
  inbox->loop = loop;
  inbox->runnable.run = run_taken;
  loop->inbox = inbox;
  return 0;
}

/* What was sent before is dropped by the handles themselves: they see that the loop is closed. */
void sp__inbox_close(sp__inbox *inbox)
{
  sp__host_mutex_lock(inbox->mutex);
  inbox->closed = true;
  sp__letter *first = empty(inbox);
  sp__host_mutex_unlock(inbox->mutex);
  run_letters(first);
  sp__remote_tasks_close(inbox);
}

void sp__inbox_await(sp__inbox *inbox)
{
  sp__host_mutex_lock(inbox->mutex);
  while (!inbox->first) sp__host_cond_wait(inbox->came, inbox->mutex, INFINITY);
  sp__letter *first = empty(inbox);
  sp__host_mutex_unlock(inbox->mutex);
  run_letters(first);
}

void sp__inbox_release(sp__inbox *inbox)
{
  sp__host_mutex_lock(inbox->mutex);
  bool unused = --inbox->holders == 0;
  sp__host_mutex_unlock(inbox->mutex);
  if (unused) destroy(inbox);
}
