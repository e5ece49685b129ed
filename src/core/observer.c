/* Observers: one callback for the ends of many futures, as the done-callbacks that asyncio's gather
 * or wait adds to each of theirs. */
#include "core/observer.h"
#include "core/error.h"
#include "core/future.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/loop_owned.h"
#include "core/ready.h"
#include "spindle.h"

static void free_if_over(sp__observers *observers)
{
  if (!observers->closed || observers->waiting > 0) return;
  for (size_t i = 0; i < observers->count; i++) sp__ready_release(&observers->loop->ready);
  sp__loop_owned_free(observers->loop, &observers->owned);
}

static void observer_run(sp__runnable *runnable)
{
  sp__observer *observer = SP__OWNER(runnable, sp__observer, waiter.runnable);
  sp__observers *observers = observer->block;
  observer->waits = false;
  observers->waiting--;
  if (!observers->loop->closed) observers->tell(observer);
  if (!observers->closed) return;
  sp__observer_unref_future(observer);
  free_if_over(observers);
}

static void drop(sp__loop_owned *owned)
{
  sp__future_close(&SP__OWNER(owned, sp__observers, owned)->outer);
}

static int reserve_slots(sp__ready *ready, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    if (sp__ready_reserve(ready) == 0) continue;
    for (; i > 0; i--) sp__ready_release(ready);
    return SP_ENOMEM;
  }
  return 0;
}

static void fill(sp__observers *observers, sp_future *const *futures)
{
  for (size_t i = 0; i < observers->count; i++) {
    sp__observer *observer = &observers->each[i];
    observer->waiter.runnable.run = observer_run;
    observer->block = observers;
    observer->future = futures[i];
    observer->again = futures[i]->seen;
    futures[i]->seen = true;
    sp__future_ref(futures[i]);
    if (!observer->again) observers->different++;
  }
  for (size_t i = 0; i < observers->count; i++) futures[i]->seen = false;
}

static void forget_futures(sp__observers *observers)
{
  for (size_t i = 0; i < observers->count; i++) {
    sp__observer *observer = &observers->each[i];
    if (!observer->future || observer->future->kind != SP__PLAIN) continue;
    if (observer->future->state == SP__PENDING) sp__future_forget_waiters(observer->future);
    sp__observer_unref_future(observer);
  }
}

/* The loop is closing: releases the program's own futures, which may outlive it. */
static void forget_observed(sp_loop *loop)
{
  for (sp__loop_owned *owned = loop->owned.first; owned; owned = owned->next) {
    if (owned->drop == drop) forget_futures(SP__OWNER(owned, sp__observers, owned));
  }
}

void *sp__observers_new(sp_loop *loop, size_t size, void (*tell)(sp__observer *observer),
                        sp_future *const *futures, size_t count)
{
  bool fits = count <= (SIZE_MAX - size) / sizeof(sp__observer);
  sp__observers *observers =
      fits ? sp__loop_owned_new(loop, size + count * sizeof(sp__observer), drop) : NULL;
  if (!observers) {
    sp__fail(SP_ENOMEM, NULL);
    return NULL;
  }
  if (reserve_slots(&loop->ready, count) < 0) {
    sp__loop_owned_free(loop, &observers->owned);
    return NULL;
  }
  loop->hooks.forget_observed = forget_observed;
  observers->loop = loop;
  observers->tell = tell;
  sp__future_open(&observers->outer, loop);
  observers->each = (sp__observer *)(void *)((char *)observers + size);
  observers->count = count;
  fill(observers, futures);
  return observers;
}

void sp__observer_begin(sp__observer *observer)
{
  observer->waits = true;
  observer->block->waiting++;
  if (observer->future->state == SP__PENDING) {
    sp__future_add_waiter(observer->future, &observer->waiter);
  } else {
    sp__loop_ready(observer->block->loop, &observer->waiter.runnable);
  }
}

void sp__observers_begin(sp__observers *observers)
{
  for (size_t i = 0; i < observers->count; i++) {
    if (!observers->each[i].again) sp__observer_begin(&observers->each[i]);
  }
}

void sp__observer_end(sp__observer *observer)
{
  if (!observer->waits || observer->future->state != SP__PENDING) return;
  sp__future_remove_waiter(observer->future, &observer->waiter);
  observer->waits = false;
  observer->block->waiting--;
}

void sp__observer_unref_future(sp__observer *observer)
{
  sp_future *future = observer->future;
  observer->future = NULL;
  if (future) sp__future_unref(future);
}

void sp__observers_close(sp__observers *observers)
{
  for (size_t i = 0; i < observers->count; i++) {
    sp__observer *observer = &observers->each[i];
    sp__observer_end(observer);
    if (!observer->waits) sp__observer_unref_future(observer);
  }
  sp__future_close(&observers->outer);
  observers->closed = true;
  free_if_over(observers);
}
