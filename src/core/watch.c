/* Watching: one who is told of the end of many futures, as the done-callbacks that asyncio's gather
 * or wait adds to each of theirs. */
#include "core/watch.h"
#include "core/error.h"
#include "core/future.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/loop_owned.h"
#include "core/ready.h"
#include "spindle.h"

static void free_if_over(sp__watches *watches)
{
  if (!watches->closed || watches->waiting > 0) return;
  for (size_t i = 0; i < watches->count; i++) sp__ready_release(&watches->loop->ready);
  sp__loop_owned_free(watches->loop, &watches->owned);
}

static void watch_run(sp__runnable *runnable)
{
  sp__watch *watch = SP__OWNER(runnable, sp__watch, waiter.runnable);
  sp__watches *watches = watch->all;
  watch->waits = false;
  watches->waiting--;
  if (!watches->loop->closed) watches->tell(watch);
  if (!watches->closed) return;
  sp__watch_let_go(watch);
  free_if_over(watches);
}

static void drop(sp__loop_owned *owned)
{
  sp__future_close(&SP__OWNER(owned, sp__watches, owned)->outer);
}

static int reserve_places(sp__ready *ready, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    if (sp__ready_reserve(ready) == 0) continue;
    for (; i > 0; i--) sp__ready_release(ready);
    return SP_ENOMEM;
  }
  return 0;
}

static void fill(sp__watches *watches, sp_future *const *futures)
{
  for (size_t i = 0; i < watches->count; i++) {
    sp__watch *watch = &watches->each[i];
    watch->waiter.runnable.run = watch_run;
    watch->all = watches;
    watch->future = futures[i];
    watch->again = futures[i]->seen;
    futures[i]->seen = true;
    sp__future_hold(futures[i]);
    if (!watch->again) watches->different++;
  }
  for (size_t i = 0; i < watches->count; i++) futures[i]->seen = false;
}

static void forget_futures(sp__watches *watches)
{
  for (size_t i = 0; i < watches->count; i++) {
    sp__watch *watch = &watches->each[i];
    if (!watch->future || watch->future->kind != SP__PLAIN) continue;
    if (watch->future->state == SP__PENDING) sp__future_forget_waiters(watch->future);
    sp__watch_let_go(watch);
  }
}

/* The loop closes: the program's own futures, which may outlive it, are let go. */
static void forget_watched(sp_loop *loop)
{
  for (sp__loop_owned *owned = loop->owned.first; owned; owned = owned->next) {
    if (owned->drop == drop) forget_futures(SP__OWNER(owned, sp__watches, owned));
  }
}

void *sp__watches_new(sp_loop *loop, size_t size, void (*tell)(sp__watch *watch),
                      sp_future *const *futures, size_t count)
{
  bool fits = count <= (SIZE_MAX - size) / sizeof(sp__watch);
  sp__watches *watches =
      fits ? sp__loop_owned_new(loop, size + count * sizeof(sp__watch), drop) : NULL;
  if (!watches) {
    sp__fail(SP_ENOMEM, NULL);
    return NULL;
  }
  if (reserve_places(&loop->ready, count) < 0) {
    sp__loop_owned_free(loop, &watches->owned);
    return NULL;
  }
  loop->hooks.forget_watched = forget_watched;
  watches->loop = loop;
  watches->tell = tell;
  sp__future_open(&watches->outer, loop);
  watches->each = (sp__watch *)(void *)((char *)watches + size);
  watches->count = count;
  fill(watches, futures);
  return watches;
}

void sp__watch_begin(sp__watch *watch)
{
  watch->waits = true;
  watch->all->waiting++;
  if (watch->future->state == SP__PENDING) {
    sp__future_add_waiter(watch->future, &watch->waiter);
  } else {
    sp__loop_ready(watch->all->loop, &watch->waiter.runnable);
  }
}

void sp__watches_begin(sp__watches *watches)
{
  for (size_t i = 0; i < watches->count; i++) {
    if (!watches->each[i].again) sp__watch_begin(&watches->each[i]);
  }
}

void sp__watch_end(sp__watch *watch)
{
  if (!watch->waits || watch->future->state != SP__PENDING) return;
  sp__future_remove_waiter(watch->future, &watch->waiter);
  watch->waits = false;
  watch->all->waiting--;
}

void sp__watch_let_go(sp__watch *watch)
{
  sp_future *future = watch->future;
  watch->future = NULL;
  if (future) sp__future_let_go(future);
}

void sp__watches_close(sp__watches *watches)
{
  for (size_t i = 0; i < watches->count; i++) {
    sp__watch *watch = &watches->each[i];
    sp__watch_end(watch);
    if (!watch->waits) sp__watch_let_go(watch);
  }
  sp__future_close(&watches->outer);
  watches->closed = true;
  free_if_over(watches);
}
