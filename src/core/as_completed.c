/* Iterating over futures in the order in which they complete. */
#include <math.h>

#include "core/error.h"
#include "core/future.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/observer.h"
#include "core/sync.h"
#include "core/task.h"
#include "spindle.h"

/* asyncio's Queue between completed futures and whoever asks for the next. `order` and `futures`
 * begin with the completed ones, in the order of completion; those still to do follow, and so are
 * one array. */
struct sp__as_completed {
  sp__observers observers;
  sp__observer **order;
  sp_future **futures; /* of `order` */
  size_t given;        /* handed out already; the futures up to here may be freed */
  size_t done;
  size_t to_do;
  size_t timeouts; /* to be reported, after what is done */
  size_t left;     /* how often the next one may still be asked for */
  sp_handle limit;
  sp__waiting getters;
  sp__await_frame awaits; /* shared by all waiting tasks */
};

/* --- what tasks wait for --- */

static void tell_what_is_to_do(struct sp__as_completed *each)
{
  each->awaits.futures = each->futures + each->done;
  each->awaits.count = each->to_do;
}

static void put_at(struct sp__as_completed *each, size_t index, sp__observer *observer)
{
  each->order[index] = observer;
  each->futures[index] = observer->future;
  observer->index = (uint32_t)index;
}

static void one_ended(sp__observer *observer)
{
  struct sp__as_completed *each = SP__OWNER(observer->block, struct sp__as_completed, observers);
  if (each->to_do == 0) return; /* the timeout came first */
  put_at(each, observer->index, each->order[each->done]);
  put_at(each, each->done, observer);
  each->done++;
  each->to_do--;
  tell_what_is_to_do(each);
  sp__waiting_wake(&each->getters);
  if (each->to_do == 0) sp_handle_cancel(each->limit);
}

static void over(void *arg)
{
  struct sp__as_completed *each = arg;
  for (; each->to_do > 0; each->to_do--) {
    sp__observer_end(each->order[each->done + each->to_do - 1]);
    each->timeouts++;
    sp__waiting_wake(&each->getters);
  }
  tell_what_is_to_do(each);
}

/* --- opening and closing --- */

static struct sp__as_completed *make(sp_loop *loop, sp_future *const *futures, size_t count)
{
  struct sp__as_completed *each;
  size_t an_entry = sizeof *each->order + sizeof *each->futures;
  if (count > (SIZE_MAX - sizeof *each) / an_entry || count > UINT32_MAX) {
    sp__fail(SP_ENOMEM, NULL);
    return NULL;
  }
  each = sp__observers_new(loop, sizeof *each + count * an_entry, one_ended, futures, count);
  if (!each) return NULL;
  each->order = (sp__observer **)(void *)(each + 1);
  each->futures = (sp_future **)(void *)(each->order + count);
  for (size_t i = 0; i < count; i++) {
    sp__observer *observer = &each->observers.each[i];
    if (!observer->again) put_at(each, each->to_do++, observer);
  }
  each->left = each->to_do;
  tell_what_is_to_do(each);
  return each;
}

static int begin(struct sp__as_completed *each, double timeout)
{
  if (each->to_do > 0 && timeout != INFINITY) {
    each->limit = sp_loop_call_later(each->observers.loop, timeout, over, each);
    if (!each->limit.call) return SP_ENOMEM;
  }
  sp__observers_begin(&each->observers);
  return 0;
}

int sp_as_completed_open(sp_as_completed *each, sp_future *const *futures, size_t count,
                         double timeout)
{
  sp_loop *loop = sp__loop_here();
  each->state = NULL;
  if (!loop) return SP_ENOTASK;
  if (isnan(timeout)) return sp__fail(SP_EINVAL, "Invalid delay: NaN (not a number)");
  int error = sp__futures_check(loop, futures, count);
  if (error < 0) return error;
  each->state = make(loop, futures, count);
  if (!each->state) return SP_ENOMEM;
  error = begin(each->state, timeout);
  if (error < 0) sp_as_completed_close(each);
  return error;
}

void sp_as_completed_close(sp_as_completed *each)
{
  struct sp__as_completed *state = each->state;
  if (!state) return;
  each->state = NULL;
  state->to_do = 0;
  sp_handle_cancel(state->limit);
  sp__observers_close(&state->observers);
}

/* --- asking --- */

static bool is_empty(const struct sp__as_completed *each)
{
  return each->given == each->done && each->timeouts == 0;
}

/* A task that was woken and cancelled before it ran wakes the next instead. */
static int wait_for_one(struct sp__as_completed *each, sp__task *task, const char *where)
{
  sp__waiting_task self;
  sp__await_frame awaits = {.shared = &each->awaits};
  sp__task_push_await_frame(task, &awaits);
  int result = sp__waiting_wait(&each->getters, &self, task, where);
  sp__task_pop_await_frame(task);
  if (result < 0 && self.woken && !is_empty(each)) sp__waiting_wake(&each->getters);
  return result;
}

static int give(struct sp__as_completed *each, sp_future **done)
{
  if (each->given == each->done) {
    each->timeouts--;
    return sp__fail(SP_ETIMEDOUT, NULL);
  }
  sp__observer *observer = each->order[each->given++];
  *done = observer->future;
  sp__observer_unref_future(observer);
  return 1;
}

int sp_as_completed_next_from(sp_as_completed *each, sp_future **done, const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  struct sp__as_completed *state = each->state;
  if (!state)
    return sp__fail(SP_EINVALIDSTATE, "the iteration is not open: call sp_as_completed_open first");
  if (state->left == 0) return 0;
  state->left--;
  while (is_empty(state)) {
    int error = wait_for_one(state, task, where);
    if (error < 0) {
      state->left++;
      return error;
    }
  }
  return give(state, done);
}
