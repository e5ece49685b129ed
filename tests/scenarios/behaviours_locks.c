/* Behaviours of locks, events and conditions: whose turn it is, and what a cancellation leaves. */
#include "behaviours.h"

/* --- what the loop is asked to do soon --- */

static void cancel(void *task) { sp_task_cancel(task, NULL); }

static void cancel_soon(sp_task *task) { sp_loop_call_soon(sp_loop_running(), cancel, task); }

static bool nobody_waits(const sp__waiting *waiting) { return !waiting->first; }

static bool one_waits(const sp__waiting *waiting)
{
  return waiting->first && waiting->first == waiting->last;
}

/* --- locks --- */

static int acquire(void *lock) { return sp_lock_acquire((sp_lock *)lock); }

/* A task that takes a lock, notes its number and keeps the lock. */
typedef struct taker {
  sp_lock *lock;
  int number;
} taker;

static int take(void *arg)
{
  const taker *self = arg;
  int error = sp_lock_acquire(self->lock);
  if (error < 0) return error;
  note("%d", self->number);
  return 1;
}

BEHAVIOUR(lock_says_whether_it_is_taken, "a lock is free until it is acquired")
{
  sp_lock lock = {0};
  CHECK(!sp_lock_locked(&lock));
  CHECK_EQ(sp_lock_acquire(&lock), 0);
  CHECK(sp_lock_locked(&lock));
}

BEHAVIOUR(lock_is_free_after_release, "a lock that is released and that nobody wants is free")
{
  sp_lock lock = {0};
  CHECK_EQ(sp_lock_acquire(&lock), 0);
  CHECK(sp_lock_locked(&lock));
  CHECK_EQ(sp_lock_release(&lock), 0);
  CHECK(!sp_lock_locked(&lock));
  CHECK_EQ(sp_lock_acquire(&lock), 0);
}

BEHAVIOUR(free_lock_cannot_be_released, "releasing a lock that is not taken is an error")
{
  sp_lock lock = {0};
  CHECK_ERROR(sp_lock_release(&lock), SP_EINVALIDSTATE, "Lock is not acquired.");
  CHECK(!sp_lock_locked(&lock));
}

BEHAVIOUR(lock_goes_to_who_came_first, "each release lets one task on, in the order of asking")
{
  sp_lock lock = {0};
  taker takers[] = {{&lock, 1}, {&lock, 2}, {&lock, 3}};
  CHECK_EQ(sp_lock_acquire(&lock), 0);
  sp_task *first = sp_create_task(take, &takers[0]);
  sp_task *second = sp_create_task(take, &takers[1]);
  iterate(1);
  SAW("");
  CHECK_EQ(sp_lock_release(&lock), 0);
  iterate(1);
  SAW("1");
  iterate(1);
  SAW("");
  sp_task *third = sp_create_task(take, &takers[2]);
  CHECK_EQ(sp_lock_release(&lock), 0);
  iterate(1);
  SAW("2");
  CHECK_EQ(sp_lock_release(&lock), 0);
  iterate(1);
  SAW("3");
  CHECK(sp_future_done(first));
  CHECK(sp_future_done(second));
  CHECK(sp_future_done(third));
  CHECK_EQ(sp_await(first), 1);
  CHECK_EQ(sp_await(second), 1);
  CHECK_EQ(sp_await(third), 1);
}

BEHAVIOUR(cancelled_acquire_leaves_the_line, "a task that is cancelled no longer waits for a lock")
{
  sp_lock lock = {0};
  CHECK_EQ(sp_lock_acquire(&lock), 0);
  sp_task *task = sp_create_task(acquire, &lock);
  cancel_soon(task);
  CHECK_EQ(sp_await(task), SP_ECANCELED);
  CHECK(nobody_waits(&lock.waiting));
  CHECK(sp_lock_locked(&lock));
}

/* A task that holds a lock until a future, if it has one, is done. */
typedef struct holder {
  sp_lock *lock;
  sp_future *until;
} holder;

static int hold(void *arg)
{
  const holder *self = arg;
  int result = sp_lock_acquire(self->lock);
  if (result < 0) return result;
  if (self->until) result = sp_await(self->until);
  int error = sp_lock_release(self->lock);
  return error < 0 ? error : result;
}

BEHAVIOUR(release_passes_over_the_cancelled,
          "a lock that is released while the first in line is being cancelled goes to the second")
{
  sp_lock lock = {0};
  sp_future *until = sp_future_new();
  holder with_future = {&lock, until}, at_once = {&lock, NULL};
  sp_task *a = sp_create_task(hold, &with_future);
  iterate(1);
  CHECK(sp_lock_locked(&lock));
  sp_task *b = sp_create_task(hold, &at_once);
  iterate(1);
  CHECK(one_waits(&lock.waiting));
  sp_task *c = sp_create_task(hold, &at_once);
  iterate(1);
  CHECK(!one_waits(&lock.waiting));
  CHECK_EQ(sp_future_set_result(until, 0), 0);
  CHECK(sp_task_cancel(b, NULL));
  CHECK(!nobody_waits(&lock.waiting));
  iterate(1);
  CHECK(!sp_lock_locked(&lock));
  CHECK(sp_future_done(a));
  CHECK(sp_future_cancelled(b));
  CHECK_EQ(sp_await(c), 0);
  CHECK_EQ(sp_await(a), 0);
  CHECK_EQ(sp_await(b), SP_ECANCELED);
  sp_future_free(until);
}

/* Tasks that count how many of them asked for a lock, and how many have it. */
typedef struct count {
  sp_lock lock;
  int asked, have;
  sp_task *cancelled;
} count;

static int ask(void *arg)
{
  count *self = arg;
  self->asked++;
  int error = sp_lock_acquire(&self->lock);
  if (error == 0) self->have++;
  return error;
}

static void cancel_and_release(void *arg)
{
  count *self = arg;
  sp_task_cancel(self->cancelled, NULL);
  CHECK_EQ(sp_lock_release(&self->lock), 0);
}

BEHAVIOUR(cancel_and_release_let_one_task_on,
          "a lock that is released together with a cancellation goes to one task only")
{
  count all = {0};
  CHECK_EQ(sp_lock_acquire(&all.lock), 0);
  sp_task *first = sp_create_task(ask, &all);
  sp_task *second = sp_create_task(ask, &all);
  sp_task *third = sp_create_task(ask, &all);
  iterate(1);
  all.cancelled = first;
  sp_loop_call_soon(sp_loop_running(), cancel_and_release, &all);
  CHECK_EQ(sp_await(first), SP_ECANCELED);
  CHECK_EQ(all.have, 1);
  CHECK_EQ(all.asked, 3);
  CHECK(sp_future_done(second));
  CHECK_EQ(sp_await(second), 0);
  CHECK(sp_task_cancel(third, NULL));
  iterate(1);
  CHECK(sp_future_cancelled(third));
  CHECK_EQ(sp_await(third), SP_ECANCELED);
}

BEHAVIOUR(cancelled_waiter_passes_the_lock_on,
          "the next in line has the lock when the first was cancelled as it was released")
{
  sp_lock lock = {0};
  CHECK_EQ(sp_lock_acquire(&lock), 0);
  CHECK(sp_lock_locked(&lock));
  sp_task *first = sp_create_task(acquire, &lock);
  iterate(1);
  CHECK(one_waits(&lock.waiting));
  sp_task *second = sp_create_task(acquire, &lock);
  CHECK(sp_task_cancel(first, NULL));
  CHECK_EQ(sp_lock_release(&lock), 0);
  iterate(1);
  CHECK(sp_lock_locked(&lock));
  CHECK(sp_future_cancelled(first));
  CHECK_EQ(sp_await(second), 0);
  CHECK_EQ(sp_await(first), SP_ECANCELED);
}

/* --- events --- */

static int wait_for_event(void *event) { return sp_event_wait((sp_event *)event); }

typedef struct listener {
  sp_event *event;
  int number;
} listener;

static int listen(void *arg)
{
  const listener *self = arg;
  int error = sp_event_wait(self->event);
  if (error < 0) return error;
  note("%d", self->number);
  return 1;
}

BEHAVIOUR(event_says_whether_it_is_set, "an event is set by set and taken back by clear")
{
  sp_event event = {0};
  CHECK(!sp_event_is_set(&event));
  sp_event_set(&event);
  CHECK(sp_event_is_set(&event));
  sp_event_clear(&event);
  CHECK(!sp_event_is_set(&event));
}

BEHAVIOUR(event_wakes_all_in_order,
          "who waits goes on in the iteration after the set; who comes then, without waiting")
{
  sp_event event = {0};
  listener listeners[] = {{&event, 1}, {&event, 2}, {&event, 3}};
  sp_task *tasks[3];
  CHECK(!sp_event_is_set(&event));
  tasks[0] = sp_create_task(listen, &listeners[0]);
  tasks[1] = sp_create_task(listen, &listeners[1]);
  iterate(1);
  SAW("");
  tasks[2] = sp_create_task(listen, &listeners[2]);
  sp_event_set(&event);
  iterate(1);
  SAW("3 1 2");
  for (int i = 0; i < 3; i++) {
    CHECK(sp_future_done(tasks[i]));
    CHECK_EQ(sp_await(tasks[i]), 1);
  }
}

BEHAVIOUR(set_event_is_not_waited_for, "waiting for an event that is set returns at once")
{
  sp_event event = {0};
  sp_event_set(&event);
  sp_task *other = task_returning(0);
  CHECK_EQ(sp_event_wait(&event), 0);
  CHECK(!sp_future_done(other));
  CHECK_EQ(sp_await(other), 0);
}

BEHAVIOUR(cancelled_wait_leaves_the_event, "a task that is cancelled no longer waits for an event")
{
  sp_event event = {0};
  sp_task *task = sp_create_task(wait_for_event, &event);
  cancel_soon(task);
  CHECK_EQ(sp_await(task), SP_ECANCELED);
  CHECK(nobody_waits(&event.waiting));
}

BEHAVIOUR(event_cleared_at_once_wakes_all_the_same,
          "who was there at the set goes on once, though the event is cleared and set again")
{
  sp_event event = {0};
  listener one = {&event, 1};
  sp_task *task = sp_create_task(listen, &one);
  iterate(1);
  SAW("");
  sp_event_set(&event);
  sp_event_clear(&event);
  CHECK(!sp_event_is_set(&event));
  sp_event_set(&event);
  sp_event_set(&event);
  CHECK(one_waits(&event.waiting));
  iterate(1);
  SAW("1");
  CHECK(nobody_waits(&event.waiting));
  CHECK(sp_future_done(task));
  CHECK_EQ(sp_await(task), 1);
}

BEHAVIOUR(event_set_and_cleared_wakes_who_waited,
          "a task that an event woke goes on though the event is no longer set then")
{
  sp_event event = {0};
  listener one = {&event, 1};
  sp_task *task = sp_create_task(listen, &one);
  iterate(1);
  sp_event_set(&event);
  sp_event_clear(&event);
  iterate(1);
  SAW("1");
  CHECK_EQ(sp_await(task), 1);
}

/* --- conditions --- */

static int wait_on(void *condition) { return sp_condition_wait((sp_condition *)condition); }

/* Holds the lock, tells some, and lets it go. */
static void tell(sp_condition *condition, size_t how_many)
{
  CHECK_EQ(sp_condition_acquire(condition), 0);
  CHECK_EQ(sp_condition_notify(condition, how_many), 0);
  CHECK_EQ(sp_condition_release(condition), 0);
}

typedef struct sleeper {
  sp_condition *condition;
  int number;
  bool keeps_the_lock;
} sleeper;

static int wait_and_note(void *arg)
{
  const sleeper *self = arg;
  int error = sp_condition_acquire(self->condition);
  if (error == 0) error = sp_condition_wait(self->condition);
  if (error < 0) return error;
  note("%d", self->number);
  if (!self->keeps_the_lock) error = sp_condition_release(self->condition);
  return error < 0 ? error : 1;
}

static void end_well(sp_task *const *tasks, int how_many)
{
  for (int i = 0; i < how_many; i++) {
    CHECK(sp_future_done(tasks[i]));
    CHECK_EQ(sp_await(tasks[i]), 1);
  }
}

BEHAVIOUR(condition_is_locked_and_unlocked, "a condition says whether its lock is taken")
{
  sp_condition condition = {0};
  CHECK(!sp_condition_locked(&condition));
  CHECK_EQ(sp_condition_acquire(&condition), 0);
  CHECK(sp_condition_locked(&condition));
  CHECK_EQ(sp_condition_release(&condition), 0);
  CHECK(!sp_condition_locked(&condition));
}

BEHAVIOUR(notified_task_goes_on_with_the_lock,
          "who is notified goes on when it has the lock, one after the other")
{
  sp_condition condition = {0};
  sleeper sleepers[] = {{&condition, 1, true}, {&condition, 2, true}, {&condition, 3, true}};
  sp_task *tasks[3];
  for (int i = 0; i < 3; i++) tasks[i] = sp_create_task(wait_and_note, &sleepers[i]);
  iterate(1);
  SAW("");
  CHECK(!sp_condition_locked(&condition));
  CHECK_EQ(sp_condition_acquire(&condition), 0);
  CHECK_EQ(sp_condition_notify(&condition, 1), 0);
  iterate(1);
  SAW("");
  CHECK(sp_condition_locked(&condition));
  CHECK_EQ(sp_condition_release(&condition), 0);
  iterate(1);
  SAW("1");
  CHECK(sp_condition_locked(&condition));
  CHECK_EQ(sp_condition_notify(&condition, 2), 0);
  iterate(1);
  SAW("");
  CHECK(sp_condition_locked(&condition));
  CHECK_EQ(sp_condition_release(&condition), 0);
  iterate(1);
  SAW("2");
  CHECK(sp_condition_locked(&condition));
  CHECK_EQ(sp_condition_release(&condition), 0);
  iterate(1);
  SAW("3");
  CHECK(sp_condition_locked(&condition));
  end_well(tasks, 3);
}

BEHAVIOUR(cancelled_condition_wait_has_the_lock,
          "a wait that is cancelled takes the lock again and leaves the line")
{
  sp_condition condition = {0};
  CHECK_EQ(sp_condition_acquire(&condition), 0);
  sp_task *task = sp_create_task(wait_on, &condition);
  cancel_soon(task);
  CHECK_EQ(sp_await(task), SP_ECANCELED);
  CHECK(nobody_waits(&condition.waiting));
  CHECK(sp_condition_locked(&condition));
}

static void release(void *condition) { CHECK_EQ(sp_condition_release(condition), 0); }

BEHAVIOUR(contested_condition_wait_has_the_lock,
          "a wait that is cancelled while it wants the lock back ends with the lock")
{
  sp_condition condition = {0};
  CHECK_EQ(sp_condition_acquire(&condition), 0);
  CHECK(sp_condition_locked(&condition));
  sp_task *task = sp_create_task(wait_on, &condition);
  iterate(1);
  CHECK(!sp_condition_locked(&condition));
  CHECK_EQ(sp_condition_acquire(&condition), 0);
  CHECK(sp_condition_locked(&condition));
  CHECK_EQ(sp_condition_notify(&condition, 1), 0);
  cancel_soon(task);
  sp_loop_call_soon(sp_loop_running(), release, &condition);
  CHECK_EQ(sp_await(task), SP_ECANCELED);
  CHECK(sp_condition_locked(&condition));
}

static int wait_inside(void *arg)
{
  sp_condition *condition = arg;
  int error = sp_condition_acquire(condition);
  if (error < 0) return error;
  note("waits");
  int result = sp_condition_wait(condition);
  error = sp_condition_release(condition);
  return error < 0 ? error : result;
}

BEHAVIOUR(cancel_after_notify_is_not_lost,
          "a task that was notified and is cancelled while it wants the lock ends as cancelled")
{
  sp_condition condition = {0};
  sp_task *task = sp_create_task(wait_inside, &condition);
  iterate(1);
  CHECK_EQ(sp_condition_acquire(&condition), 0);
  CHECK_EQ(sp_condition_notify(&condition, 1), 0);
  iterate(1);
  CHECK(sp_task_cancel(task, NULL));
  iterate(1);
  CHECK_EQ(sp_condition_release(&condition), 0);
  iterate(1);
  CHECK(sp_future_cancelled(task));
  SAW("waits");
  CHECK_EQ(sp_await(task), SP_ECANCELED);
}

BEHAVIOUR(condition_wait_needs_the_lock, "waiting without the lock is an error")
{
  sp_condition condition = {0};
  CHECK_ERROR(sp_condition_wait(&condition), SP_EINVALIDSTATE, "cannot wait on un-acquired lock");
  CHECK(!sp_condition_locked(&condition));
}

/* A task that waits until a number is not zero. */
typedef struct watcher {
  sp_condition *condition;
  int number;
} watcher;

static int is_not_zero(void *number) { return *(int *)number; }

static int watch(void *arg)
{
  watcher *self = arg;
  int result = sp_condition_acquire(self->condition);
  if (result == 0) result = sp_condition_wait_for(self->condition, is_not_zero, &self->number);
  if (result < 0) return result;
  note("%d", result);
  int error = sp_condition_release(self->condition);
  return error < 0 ? error : 1;
}

BEHAVIOUR(condition_waits_for_a_predicate,
          "a task that is notified waits on until what it waits for is so")
{
  sp_condition condition = {0};
  watcher one = {&condition, 0};
  sp_task *task = sp_create_task(watch, &one);
  iterate(1);
  SAW("");
  tell(&condition, 1);
  iterate(1);
  SAW("");
  one.number = 7;
  tell(&condition, 1);
  iterate(1);
  SAW("7");
  end_well(&task, 1);
}

BEHAVIOUR(predicate_that_is_so_needs_no_lock,
          "what is so already is not waited for; what is not can only be waited for with the lock")
{
  sp_condition condition = {0};
  int number = 123;
  CHECK_EQ(sp_condition_wait_for(&condition, is_not_zero, &number), 123);
  number = 0;
  CHECK_ERROR(sp_condition_wait_for(&condition, is_not_zero, &number), SP_EINVALIDSTATE,
              "cannot wait on un-acquired lock");
}

BEHAVIOUR(notify_wakes_the_first_so_many, "notify wakes so many, or all there are, in order")
{
  sp_condition condition = {0};
  sleeper sleepers[] = {{&condition, 1, false}, {&condition, 2, false}, {&condition, 3, false}};
  sp_task *tasks[3];
  for (int i = 0; i < 3; i++) tasks[i] = sp_create_task(wait_and_note, &sleepers[i]);
  iterate(1);
  SAW("");
  tell(&condition, 1);
  iterate(1);
  SAW("1");
  CHECK_EQ(sp_condition_acquire(&condition), 0);
  CHECK_EQ(sp_condition_notify(&condition, 1), 0);
  CHECK_EQ(sp_condition_notify(&condition, 2048), 0);
  CHECK_EQ(sp_condition_release(&condition), 0);
  iterate(1);
  SAW("2 3");
  end_well(tasks, 3);
}

BEHAVIOUR(notify_all_wakes_all, "notify_all wakes all that wait, in order")
{
  sp_condition condition = {0};
  sleeper sleepers[] = {{&condition, 1, false}, {&condition, 2, false}};
  sp_task *tasks[2];
  for (int i = 0; i < 2; i++) tasks[i] = sp_create_task(wait_and_note, &sleepers[i]);
  iterate(1);
  SAW("");
  CHECK_EQ(sp_condition_acquire(&condition), 0);
  CHECK_EQ(sp_condition_notify_all(&condition), 0);
  CHECK_EQ(sp_condition_release(&condition), 0);
  iterate(1);
  SAW("1 2");
  end_well(tasks, 2);
}

BEHAVIOUR_OUTSIDE(notify_needs_the_lock, "notifying without the lock is an error")
{
  sp_condition condition = {0};
  CHECK_ERROR(sp_condition_notify(&condition, 1), SP_EINVALIDSTATE,
              "cannot notify on un-acquired lock");
  CHECK_ERROR(sp_condition_notify_all(&condition), SP_EINVALIDSTATE,
              "cannot notify on un-acquired lock");
}

static void check_both_locked(sp_condition *condition, sp_lock *lock, bool locked)
{
  CHECK_EQ(sp_lock_locked(lock), locked);
  CHECK_EQ(sp_condition_locked(condition), locked);
}

static void check_one_lock(sp_condition *condition, sp_lock *lock)
{
  check_both_locked(condition, lock, false);
  CHECK_EQ(sp_condition_acquire(condition), 0);
  check_both_locked(condition, lock, true);
  CHECK_EQ(sp_condition_release(condition), 0);
  check_both_locked(condition, lock, false);
  CHECK_EQ(sp_lock_acquire(lock), 0);
  check_both_locked(condition, lock, true);
  CHECK_EQ(sp_lock_release(lock), 0);
  check_both_locked(condition, lock, false);
}

BEHAVIOUR(condition_takes_a_lock_that_it_is_given,
          "a condition has the lock it was given, or its own, and taking either takes both")
{
  sp_lock lock = {0};
  sp_condition shared = {.lock = &lock}, of_its_own = {0};
  check_one_lock(&shared, &lock);
  check_one_lock(&of_its_own, &of_its_own.own_lock);
}

BEHAVIOUR(condition_wait_times_out, "a wait with a limit ends with the lock taken again")
{
  sp_condition condition = {0};
  CHECK_EQ(sp_condition_acquire(&condition), 0);
  CHECK_EQ(sp_wait_for(sp_create_task(wait_on, &condition), 0.5), SP_ETIMEDOUT);
  CHECK_TIME(loop_time(), 0.5);
  CHECK(sp_condition_locked(&condition));
  CHECK_EQ(sp_condition_release(&condition), 0);
}

/* A task that says with which error its wait ended, and ends with it. */
static int watch_and_tell(void *arg)
{
  watcher *self = arg;
  int error = sp_condition_acquire(self->condition);
  if (error < 0) return error;
  int result = sp_condition_wait_for(self->condition, is_not_zero, &self->number);
  note("%s %s", sp_error_name(result), sp_error_message());
  CHECK_EQ(sp_condition_release(self->condition), 0);
  return result;
}

BEHAVIOUR(cancelled_wait_keeps_its_message,
          "the message of a cancellation during the wait comes through unchanged")
{
  sp_condition condition = {0};
  watcher one = {&condition, 0};
  sp_task *task = sp_create_task(watch_and_tell, &one);
  iterate(1);
  CHECK(sp_task_cancel(task, "foo"));
  CHECK_ERROR(sp_await(task), SP_ECANCELED, "foo");
  SAW("SP_ECANCELED foo");
}

BEHAVIOUR(cancelled_reacquire_keeps_its_message,
          "the message of a cancellation while the lock is taken again comes through unchanged")
{
  sp_condition condition = {0};
  watcher one = {&condition, 0};
  sp_task *task = sp_create_task(watch_and_tell, &one);
  iterate(1);
  CHECK_EQ(sp_condition_acquire(&condition), 0);
  one.number = 1;
  CHECK_EQ(sp_condition_notify(&condition, 1), 0);
  iterate(1);
  CHECK(sp_task_cancel(task, "foo"));
  CHECK_EQ(sp_condition_release(&condition), 0);
  CHECK_ERROR(sp_await(task), SP_ECANCELED, "foo");
  SAW("SP_ECANCELED foo");
}

/* Goods that two tasks take one by one; a number below zero ends them. */
typedef struct goods {
  sp_condition condition;
  int number;
} goods;

static int are_gone(void *number) { return *(int *)number == 0; }

static int are_there(void *number) { return *(int *)number != 0; }

static int consume(void *arg)
{
  goods *self = arg;
  int result = sp_condition_acquire(&self->condition);
  if (result < 0) return result;
  while ((result = sp_condition_wait_for(&self->condition, are_there, &self->number)) > 0) {
    if (self->number < 0) break;
    self->number--;
  }
  CHECK_EQ(sp_condition_release(&self->condition), 0);
  return result;
}

static int wait_until_gone(goods *all, double seconds)
{
  sp_timeout limit;
  int error = sp_timeout_open(&limit, seconds);
  if (error < 0) return error;
  int result = sp_condition_wait_for(&all->condition, are_gone, &all->number);
  return sp_timeout_close(&limit, result);
}

/* One of two consumers is notified, and so many iterations later is cancelled; who gets the goods
 * tells nobody, so that only the time limit ends the wait for that. */
static void check_other_consumes(int iterations)
{
  goods all = {0};
  sp_task *first = sp_create_task(consume, &all);
  sp_task *second = sp_create_task(consume, &all);
  iterate(1);
  CHECK_EQ(sp_condition_acquire(&all.condition), 0);
  all.number = 1;
  CHECK_EQ(sp_condition_notify(&all.condition, 1), 0);
  iterate(iterations);
  CHECK(sp_task_cancel(first, NULL));
  wait_until_gone(&all, 0.01);
  CHECK_EQ(all.number, 0);
  all.number = -1;
  CHECK_EQ(sp_condition_notify_all(&all.condition), 0);
  CHECK_EQ(sp_condition_release(&all.condition), 0);
  CHECK_EQ(sp_await(second), 1);
  CHECK_EQ(sp_await(first), SP_ECANCELED);
}

BEHAVIOUR(cancelled_as_it_was_woken_wakes_another,
          "a task that is cancelled as it was notified has another one notified instead")
{
  check_other_consumes(0);
}

BEHAVIOUR(cancelled_as_it_wants_the_lock_wakes_another,
          "a task that was notified and is cancelled while it wants the lock notifies another")
{
  check_other_consumes(1);
}
