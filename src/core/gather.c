/* Gathering: one future for many, done when all of them are, or when one fails. */
#include "core/cancel.h"
#include "core/error.h"
#include "core/future.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/observer.h"
#include "core/task.h"
#include "spindle.h"

typedef struct gathering {
  sp__observers children;
  size_t finished;
  bool errors_too; /* an error is a result like any other */
  bool cancel_requested;
  /* While a cancellation walks through it. */
  bool cancelling;
  bool any_cancelled; /* whether any child was, so far */
  size_t next_child;  /* the next to cancel */
  sp__task *asker;    /* the task that waits for it, if the cancellation came through that task */
  struct gathering *outside; /* the gathering through which the walk came, or NULL */
} gathering;

/* --- the end of a child --- */

static void end_cancelled(gathering *self, sp_future *child)
{
  sp__detail *detail = sp__future_take_cancellation(child);
  sp__future_finish(&self->children.outer, SP_ECANCELED, detail);
  sp__detail_unref(detail);
}

static void end_all(gathering *self)
{
  sp__observers *children = &self->children;
  for (size_t i = 0; i < children->count; i++) children->each[i].future->retrieved = true;
  if (self->cancel_requested) {
    end_cancelled(self, children->each[children->count - 1].future);
  } else {
    sp__future_finish(&self->children.outer, 0, NULL);
  }
}

static void child_ended(sp__observer *observer)
{
  gathering *self = SP__OWNER(observer->block, gathering, children);
  sp_future *child = observer->future;
  bool last = ++self->finished == self->children.different;
  if (self->children.outer.state != SP__PENDING) {
    child->retrieved = true;
  } else if (child->state == SP__CANCELLED && !self->errors_too) {
    end_cancelled(self, child);
  } else if (sp__future_failed(child) && !self->errors_too) {
    child->retrieved = true;
    sp__future_finish(&self->children.outer, child->result, child->detail);
  } else if (last) {
    end_all(self);
  }
}

/* --- cancellation: a walk, in which each gathering keeps its own position --- */

/* NULL if its children led back to it: tasks that gather each other would loop for ever. */
static gathering *enter(sp_future *future, sp__task *asker, gathering *outside)
{
  gathering *self = SP__OWNER(future, gathering, children.outer);
  if (self->cancelling) return NULL;
  self->cancelling = true;
  self->any_cancelled = false;
  self->next_child = 0;
  self->asker = asker;
  self->outside = outside;
  return self;
}

static bool leave(gathering *self, sp__detail *detail)
{
  self->cancelling = false;
  if (self->any_cancelled) self->cancel_requested = true;
  return sp__cancel_asker(self->any_cancelled, self->asker, detail);
}

/* Cancels the next child, or enters the gathering that it leads to, which then is the innermost. */
static gathering *cancel_child(gathering *self, sp__detail *detail)
{
  sp__task *asker;
  bool cancelled = false;
  sp_future *child = self->children.each[self->next_child++].future;
  sp_future *gathered = sp__cancel_begin(child, detail, &asker, &cancelled);
  gathering *entered = gathered ? enter(gathered, asker, self) : NULL;
  if (entered) return entered;
  if (gathered) cancelled = sp__cancel_asker(false, asker, detail);
  self->any_cancelled |= cancelled;
  return self;
}

static bool cancel(sp_future *future, sp__task *asker, sp__detail *detail)
{
  gathering *inmost = enter(future, asker, NULL);
  if (!inmost) return sp__cancel_asker(false, asker, detail);
  for (;;) {
    if (inmost->next_child < inmost->children.count) {
      inmost = cancel_child(inmost, detail);
      continue;
    }
    gathering *outside = inmost->outside;
    bool cancelled = leave(inmost, detail);
    if (!outside) return cancelled;
    outside->any_cancelled |= cancelled;
    inmost = outside;
  }
}

/* --- the wait --- */

/* Children that are done already are counted at once, and last: if they are all of them, or one of
 * them failed, nothing is waited for. */
static void begin(gathering *self)
{
  self->children.outer.kind = SP__GATHERING;
  self->children.loop->hooks.cancel_gathering = cancel;
  for (size_t i = 0; i < self->children.count; i++) {
    sp__observer *observer = &self->children.each[i];
    if (!observer->again && observer->future->state == SP__PENDING) sp__observer_begin(observer);
  }
  for (size_t i = 0; i < self->children.count; i++) {
    sp__observer *observer = &self->children.each[i];
    if (!observer->again && observer->future->state != SP__PENDING) child_ended(observer);
  }
}

static void write_results(const gathering *self, int *results)
{
  for (size_t i = 0; i < self->children.count; i++) {
    const sp_future *child = self->children.each[i].future;
    results[i] = child->state == SP__CANCELLED ? SP_ECANCELED : child->result;
  }
}

/* Nobody will see an error of the children that run on: it counts as retrieved. */
static void end(gathering *self)
{
  for (size_t i = 0; i < self->children.count; i++) {
    sp__observer *observer = &self->children.each[i];
    observer->future->retrieved = true;
    if (!observer->again) sp__future_release_handle(observer->future);
  }
  sp__observers_close(&self->children);
}

/* The handles are released all the same, each once. */
static int fail_to_begin(sp_future *const *futures, size_t count)
{
  for (size_t i = 0; i < count; i++) sp__future_ref(futures[i]);
  for (size_t i = 0; i < count; i++) {
    if (!futures[i]->seen) sp__future_release_handle(futures[i]);
    futures[i]->seen = true;
  }
  for (size_t i = 0; i < count; i++) futures[i]->seen = false;
  for (size_t i = 0; i < count; i++) sp__future_unref(futures[i]);
  return SP_ENOMEM;
}

static int gather(sp_future *const *futures, size_t count, int *results, bool errors_too,
                  sp__await_frame awaits, const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  sp_loop *loop = task->future.loop;
  int error = sp__futures_check(loop, futures, count);
  if (error < 0 || count == 0) return error;
  gathering *self = sp__observers_new(loop, sizeof *self, child_ended, futures, count);
  if (!self) return fail_to_begin(futures, count);
  self->errors_too = errors_too;
  begin(self);
  int result = sp__task_wait_for(task, &awaits, &self->children.outer, where);
  if (result >= 0 && results) write_results(self, results);
  end(self);
  return result;
}

int sp_gather_from(sp_future *const *futures, size_t count, int *results, const char *where)
{
  sp__await_frame awaits = {.futures = futures, .count = count};
  return gather(futures, count, results, false, awaits, where);
}

int sp_gather_all_from(sp_future *const *futures, size_t count, int *results, const char *where)
{
  sp__await_frame awaits = {.futures = futures, .count = count};
  return gather(futures, count, results, true, awaits, where);
}
