/* Behaviours of semaphores and barriers: permits handed out in order, tasks that meet. */
#include "behaviours.h"

/* --- semaphores --- */

static int acquire(void *semaphore) { return sp_semaphore_acquire((sp_semaphore *)semaphore); }

/* A task that takes a permit, notes its number and keeps the permit. */
typedef struct taker {
  sp_semaphore *semaphore;
  int number;
} taker;

static int take(void *arg)
{
  const taker *self = arg;
  int error = sp_semaphore_acquire(self->semaphore);
  if (error < 0) return error;
  note("%d", self->number);
  return 1;
}

static bool one_waits(const sp_semaphore *semaphore)
{
  const sp__waiting *waiting = &semaphore->waiting;
  return waiting->first && waiting->first == waiting->last;
}

BEHAVIOUR(semaphore_says_whether_a_permit_is_free, "a semaphore is locked while it has no permit")
{
  sp_semaphore semaphore;
  CHECK_EQ(sp_semaphore_init(&semaphore, 1), 0);
  CHECK_EQ(semaphore.value, 1);
  CHECK(!sp_semaphore_locked(&semaphore));
  CHECK_EQ(sp_semaphore_acquire(&semaphore), 0);
  CHECK_EQ(semaphore.value, 0);
  CHECK(sp_semaphore_locked(&semaphore));
}

BEHAVIOUR_OUTSIDE(semaphore_may_begin_without_permits, "a semaphore with no permits is locked")
{
  sp_semaphore semaphore;
  CHECK_EQ(sp_semaphore_init(&semaphore, 0), 0);
  CHECK(sp_semaphore_locked(&semaphore));
}

BEHAVIOUR_OUTSIDE(semaphore_needs_no_less_than_zero_permits, "permits cannot be fewer than none")
{
  sp_semaphore semaphore;
  CHECK_ERROR(sp_semaphore_init(&semaphore, -1), SP_EINVAL, "Semaphore initial value must be >= 0");
  CHECK_ERROR(sp_semaphore_init_bounded(&semaphore, -1), SP_EINVAL,
              "Semaphore initial value must be >= 0");
}

BEHAVIOUR(released_permits_go_to_who_waits,
          "released permits belong to those that wait, before they run and before newcomers")
{
  sp_semaphore semaphore = {.value = 3};
  taker takers[] = {{&semaphore, 1}, {&semaphore, 2}, {&semaphore, 3}, {&semaphore, 4}};
  sp_task *tasks[4];
  CHECK_EQ(sp_semaphore_acquire(&semaphore), 0);
  CHECK_EQ(sp_semaphore_acquire(&semaphore), 0);
  CHECK(!sp_semaphore_locked(&semaphore));
  for (int i = 0; i < 3; i++) tasks[i] = sp_create_task(take, &takers[i]);
  iterate(1);
  SAW("1");
  CHECK(sp_semaphore_locked(&semaphore));
  CHECK(semaphore.waiting.first && !one_waits(&semaphore));
  CHECK_EQ(semaphore.value, 0);
  tasks[3] = sp_create_task(take, &takers[3]);
  CHECK_EQ(sp_semaphore_release(&semaphore), 0);
  CHECK_EQ(sp_semaphore_release(&semaphore), 0);
  CHECK_EQ(semaphore.value, 0);
  iterate(1);
  SAW("2 3");
  CHECK_EQ(semaphore.value, 0);
  CHECK(sp_semaphore_locked(&semaphore));
  CHECK(one_waits(&semaphore));
  CHECK(sp_future_done(tasks[0]));
  CHECK(sp_future_done(tasks[1]));
  CHECK(sp_future_done(tasks[2]));
  CHECK(!sp_future_done(tasks[3]));
  CHECK_EQ(sp_semaphore_release(&semaphore), 0);
  int results[4];
  CHECK_EQ(sp_gather(tasks, 4, results), 0);
  for (int i = 0; i < 4; i++) CHECK_EQ(results[i], 1);
  SAW("4");
}

static void cancel(void *task) { sp_task_cancel(task, NULL); }

BEHAVIOUR(cancelled_acquire_leaves_the_semaphore,
          "a task that is cancelled no longer waits for a permit")
{
  sp_semaphore semaphore = {.value = 1};
  CHECK_EQ(sp_semaphore_acquire(&semaphore), 0);
  sp_task *task = sp_create_task(acquire, &semaphore);
  sp_loop_call_soon(sp_loop_running(), cancel, task);
  CHECK_EQ(sp_await(task), SP_ECANCELED);
  CHECK(!semaphore.waiting.first);
}

BEHAVIOUR(permit_passes_over_the_cancelled,
          "a permit goes to the first in line that is not being cancelled")
{
  sp_semaphore semaphore = {0};
  sp_task *tasks[4];
  for (int i = 0; i < 4; i++) tasks[i] = sp_create_task(acquire, &semaphore);
  iterate(1);
  CHECK(sp_task_cancel(tasks[0], NULL));
  CHECK(sp_task_cancel(tasks[1], NULL));
  CHECK_EQ(sp_semaphore_release(&semaphore), 0);
  iterate(2);
  CHECK(sp_future_done(tasks[2]));
  CHECK(!sp_future_done(tasks[3]));
  CHECK(!sp_task_cancel(tasks[2], NULL));
  CHECK(sp_task_cancel(tasks[3], NULL));
  iterate(1);
  int results[4];
  CHECK_EQ(sp_gather_all(tasks, 4, results), 0);
  CHECK_EQ(results[0], SP_ECANCELED);
  CHECK_EQ(results[1], SP_ECANCELED);
  CHECK_EQ(results[2], 0);
  CHECK_EQ(results[3], SP_ECANCELED);
}

BEHAVIOUR(permit_is_not_lost_with_the_cancelled,
          "a permit that is released as the first in line is cancelled goes to the second")
{
  sp_semaphore semaphore = {0};
  sp_task *first = sp_create_task(acquire, &semaphore);
  sp_task *second = sp_create_task(acquire, &semaphore);
  iterate(1);
  CHECK(sp_task_cancel(first, NULL));
  CHECK_EQ(sp_semaphore_release(&semaphore), 0);
  iterate(2);
  CHECK(sp_semaphore_locked(&semaphore));
  CHECK(sp_future_done(second));
  CHECK_EQ(sp_await(second), 0);
  CHECK_EQ(sp_await(first), SP_ECANCELED);
}

/* A task that has a permit for an iteration, and cancels the one that waits for it then. */
typedef struct rival {
  sp_semaphore *semaphore;
  sp_task *other;
} rival;

static int hold_and_cancel(void *arg)
{
  const rival *self = arg;
  int error = sp_semaphore_acquire(self->semaphore);
  if (error == 0) error = sp_sleep(0);
  if (error == 0) error = sp_semaphore_release(self->semaphore);
  CHECK(sp_task_cancel(self->other, NULL));
  return error;
}

BEHAVIOUR(permit_of_the_cancelled_is_free_again,
          "a task that is cancelled after it was given a permit gives it back")
{
  sp_semaphore semaphore = {.value = 1};
  rival one = {&semaphore, NULL};
  taker two = {&semaphore, 2};
  sp_task *tasks[2];
  tasks[0] = sp_create_task(hold_and_cancel, &one);
  tasks[1] = one.other = sp_create_task(take, &two);
  int results[2];
  CHECK_EQ(sp_gather_all(tasks, 2, results), 0);
  CHECK_EQ(results[0], 0);
  CHECK_EQ(results[1], SP_ECANCELED);
  SAW("");
  CHECK_EQ(sp_wait_for(sp_create_task(acquire, &semaphore), 1), 0);
  CHECK_TIME(loop_time(), 0);
}

BEHAVIOUR_OUTSIDE(bounded_semaphore_takes_no_more_than_its_own,
                  "a bounded semaphore that has all its permits takes no other")
{
  sp_semaphore semaphore;
  CHECK_EQ(sp_semaphore_init_bounded(&semaphore, 1), 0);
  CHECK_ERROR(sp_semaphore_release(&semaphore), SP_EINVAL,
              "BoundedSemaphore released too many times");
  CHECK_EQ(semaphore.value, 1);
}

BEHAVIOUR(semaphore_is_free_after_release, "a permit that nobody waits for is free when released")
{
  sp_semaphore semaphore = {.value = 1};
  CHECK_EQ(sp_semaphore_acquire(&semaphore), 0);
  CHECK(sp_semaphore_locked(&semaphore));
  CHECK_EQ(sp_semaphore_release(&semaphore), 0);
  CHECK(!sp_semaphore_locked(&semaphore));
}

/* A task that has a permit for a while, and then again. */
static int take_twice(void *arg)
{
  const taker *self = arg;
  for (int time = 1; time <= 2; time++) {
    int error = sp_semaphore_acquire(self->semaphore);
    if (error < 0) return error;
    note("%d:%d", self->number, time);
    if ((error = sp_sleep(0.01)) < 0) return error;
    if ((error = sp_semaphore_release(self->semaphore)) < 0) return error;
  }
  return 0;
}

BEHAVIOUR(permits_come_round, "who releases a permit and wants it again comes last")
{
  sp_semaphore semaphore = {.value = 1};
  taker takers[] = {{&semaphore, 1}, {&semaphore, 2}, {&semaphore, 3}};
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  for (int i = 0; i < 3; i++) CHECK_EQ(sp_task_group_spawn(&group, take_twice, &takers[i]), 0);
  CHECK_EQ(sp_task_group_close(&group, 0), 0);
  SAW("1:1 2:1 3:1 1:2 2:2 3:2");
  CHECK_TIME(loop_time(), 0.06);
}

static int take_give_and_take(void *arg)
{
  const taker *self = arg;
  int error = sp_semaphore_acquire(self->semaphore);
  if (error < 0) return error;
  note("%d", self->number);
  if ((error = sp_semaphore_release(self->semaphore)) < 0) return error;
  if ((error = sp_semaphore_acquire(self->semaphore)) < 0) return error;
  note("%d again", self->number);
  return 1;
}

BEHAVIOUR(releasing_task_does_not_overtake,
          "a task that releases a permit and asks at once does not overtake those that wait")
{
  sp_semaphore semaphore = {.value = 1};
  taker takers[] = {{&semaphore, 1}, {&semaphore, 2}, {&semaphore, 3}};
  sp_task *tasks[3];
  tasks[0] = sp_create_task(take, &takers[0]);
  tasks[1] = sp_create_task(take_give_and_take, &takers[1]);
  tasks[2] = sp_create_task(take, &takers[2]);
  iterate(1);
  CHECK_EQ(sp_semaphore_release(&semaphore), 0);
  CHECK_EQ(sp_semaphore_release(&semaphore), 0);
  CHECK_EQ(sp_gather(tasks, 3, NULL), 0);
  SAW("1 2 3 2 again");
}

BEHAVIOUR(permits_after_a_cancellation_keep_their_order,
          "those that wait behind one that was cancelled are served in their order")
{
  sp_semaphore semaphore = {0};
  taker takers[] = {{&semaphore, 1}, {&semaphore, 2}, {&semaphore, 3}};
  sp_task *tasks[3];
  for (int i = 0; i < 3; i++) tasks[i] = sp_create_task(take, &takers[i]);
  iterate(1);
  CHECK(sp_task_cancel(tasks[0], NULL));
  iterate(1);
  CHECK_EQ(sp_semaphore_release(&semaphore), 0);
  CHECK_EQ(sp_semaphore_release(&semaphore), 0);
  int results[3];
  CHECK_EQ(sp_gather_all(tasks, 3, results), 0);
  CHECK_EQ(results[0], SP_ECANCELED);
  SAW("2 3");
}

/* Tasks of which the second releases a permit for each of three, and the first creates a fourth. */
typedef struct chain {
  sp_semaphore semaphore;
  sp_task *last;
} chain;

static int note_four(void *arg)
{
  (void)arg;
  note("4");
  return 0;
}

static int be_first(void *arg)
{
  chain *self = arg;
  CHECK_EQ(self->semaphore.value, 0);
  int error = sp_semaphore_acquire(&self->semaphore);
  CHECK_EQ(self->semaphore.value, 0);
  self->last = sp_create_task(note_four, NULL);
  note("1");
  return error;
}

static int be_second(void *arg)
{
  chain *self = arg;
  for (int i = 0; i < 3; i++) CHECK_EQ(sp_semaphore_release(&self->semaphore), 0);
  CHECK_EQ(self->semaphore.value, 2);
  CHECK(sp_semaphore_locked(&self->semaphore));
  int error = sp_semaphore_acquire(&self->semaphore);
  note("2");
  return error;
}

static int be_third(void *arg)
{
  chain *self = arg;
  int error = sp_semaphore_acquire(&self->semaphore);
  CHECK(sp_semaphore_locked(&self->semaphore));
  note("3");
  return error;
}

BEHAVIOUR(task_that_gets_a_permit_wakes_who_had_to_queue,
          "who came while one was woken waits behind it, and all of them go on in one iteration")
{
  chain all = {0};
  sp_task *tasks[4];
  tasks[0] = sp_create_task(be_first, &all);
  tasks[1] = sp_create_task(be_second, &all);
  tasks[2] = sp_create_task(be_third, &all);
  iterate(1);
  CHECK_EQ(all.semaphore.value, 2);
  CHECK(all.semaphore.waiting.first && !one_waits(&all.semaphore));
  iterate(1);
  tasks[3] = all.last;
  CHECK_EQ(sp_gather(tasks, 4, NULL), 0);
  SAW("1 2 3 4");
}

/* --- barriers --- */

enum { PARTIES = 5, HALF = PARTIES / 2 };

/* Tasks at a barrier, and what became of them. */
typedef struct meeting {
  sp_barrier barrier, other;
  int left, passed, broken, blocked;
} meeting;

static meeting meeting_of(int parties)
{
  meeting all = {0};
  CHECK_EQ(sp_barrier_init(&all.barrier, parties), 0);
  return all;
}

static void create_tasks(sp_task **tasks, int count, sp_coroutine *fn, void *arg)
{
  for (int i = 0; i < count; i++) tasks[i] = sp_create_task(fn, arg);
}

/* So many tasks do the same, and none of them fails. */
static void all_do(sp_coroutine *fn, meeting *all, int count)
{
  sp_task *tasks[PARTIES];
  create_tasks(tasks, count, fn, all);
  CHECK_EQ(sp_gather(tasks, (size_t)count, NULL), 0);
}

static void check_empty(const meeting *all, bool broken)
{
  CHECK_EQ(sp_barrier_n_waiting(&all->barrier), 0);
  CHECK_EQ(all->barrier.count, 0);
  CHECK_EQ(sp_barrier_broken(&all->barrier), broken);
}

static int wait_at(void *barrier) { return sp_barrier_wait((sp_barrier *)barrier); }

static int reset(void *barrier) { return sp_barrier_reset((sp_barrier *)barrier); }

static int stop(void *barrier) { return sp_barrier_abort((sp_barrier *)barrier); }

BEHAVIOUR(barrier_tells_its_states, "a barrier fills, drains, is reset and is broken")
{
  sp_barrier barrier;
  CHECK_EQ(sp_barrier_init(&barrier, PARTIES), 0);
  CHECK_EQ(sp_barrier_parties(&barrier), PARTIES);
  CHECK_EQ(sp_barrier_n_waiting(&barrier), 0);
  CHECK(!sp_barrier_broken(&barrier));
  sp_task *tasks[PARTIES + 4];
  create_tasks(tasks, 2, wait_at, &barrier);
  iterate(1);
  CHECK_EQ(sp_barrier_n_waiting(&barrier), 2);
  create_tasks(tasks + 2, PARTIES - 2, wait_at, &barrier);
  iterate(1);
  CHECK_EQ(sp_barrier_n_waiting(&barrier), 0); /* it drains: all but the last are inside */
  CHECK(sp_future_done(tasks[PARTIES - 1]));
  for (int i = 0; i < PARTIES - 1; i++) CHECK(!sp_future_done(tasks[i]));
  create_tasks(tasks + PARTIES, 2, wait_at, &barrier);
  iterate(1);
  for (int i = 0; i < PARTIES; i++) CHECK_EQ(sp_future_result(tasks[i]), i);
  CHECK_EQ(sp_barrier_n_waiting(&barrier), 2);
  CHECK_EQ(sp_barrier_reset(&barrier), 0);
  CHECK_EQ(sp_barrier_n_waiting(&barrier), 0); /* it is reset: the two have not left yet */
  CHECK(!sp_future_done(tasks[PARTIES]));
  CHECK(!sp_barrier_broken(&barrier));
  create_tasks(tasks + PARTIES + 2, 2, wait_at, &barrier);
  iterate(1);
  CHECK_EQ(sp_barrier_n_waiting(&barrier), 2);
  CHECK_EQ(sp_barrier_abort(&barrier), 0);
  CHECK_EQ(sp_barrier_n_waiting(&barrier), 0);
  CHECK(sp_barrier_broken(&barrier));
  int results[PARTIES + 4];
  CHECK_EQ(sp_gather_all(tasks, PARTIES + 4, results), 0);
  for (int i = 0; i < PARTIES; i++) CHECK_EQ(results[i], i);
  for (int i = PARTIES; i < PARTIES + 4; i++) CHECK_EQ(results[i], SP_EBROKEN);
}

BEHAVIOUR_OUTSIDE(barrier_is_for_one_or_more, "a barrier needs at least one party")
{
  sp_barrier barrier;
  CHECK_ERROR(sp_barrier_init(&barrier, 0), SP_EINVAL, "parties must be >= 1");
  CHECK_ERROR(sp_barrier_init(&barrier, -4), SP_EINVAL, "parties must be >= 1");
  CHECK_EQ(sp_barrier_init(&barrier, PARTIES), 0);
}

static int wait_once(void *arg)
{
  meeting *all = arg;
  int number = sp_barrier_wait(&all->barrier);
  if (number < 0) return number;
  all->passed++;
  return number;
}

BEHAVIOUR(barrier_numbers_its_tasks, "each task learns how many were there before it")
{
  meeting all = meeting_of(3);
  sp_task *tasks[3];
  int results[3];
  create_tasks(tasks, 3, wait_once, &all);
  CHECK_EQ(sp_gather(tasks, 3, results), 0);
  for (int i = 0; i < 3; i++) CHECK_EQ(results[i], i);
  check_empty(&all, false);
}

BEHAVIOUR(barrier_for_one_lets_it_pass, "a barrier for one task never holds it")
{
  meeting all = meeting_of(1);
  sp_task *other = task_returning(0);
  CHECK_EQ(wait_once(&all), 0);
  CHECK(!sp_future_done(other));
  CHECK_EQ(all.passed, 1);
  check_empty(&all, false);
  CHECK_EQ(sp_await(other), 0);
}

BEHAVIOUR(barrier_for_one_lets_it_pass_again, "a barrier for one task lets the next pass, too")
{
  meeting all = meeting_of(1);
  sp_task *first = sp_create_task(wait_at, &all.barrier);
  iterate(1);
  CHECK_EQ(sp_barrier_n_waiting(&all.barrier), 0);
  sp_task *second = sp_create_task(wait_at, &all.barrier);
  iterate(1);
  CHECK(sp_future_done(first));
  CHECK(sp_future_done(second));
  check_empty(&all, false);
  CHECK_EQ(sp_await(first), 0);
  CHECK_EQ(sp_await(second), 0);
}

BEHAVIOUR(barrier_fills_task_by_task, "a barrier counts who waits until the last one comes")
{
  meeting all = meeting_of(3);
  sp_task *tasks[3];
  create_tasks(tasks, 1, wait_at, &all.barrier);
  iterate(1);
  CHECK_EQ(sp_barrier_n_waiting(&all.barrier), 1);
  create_tasks(tasks + 1, 1, wait_at, &all.barrier);
  iterate(1);
  CHECK_EQ(sp_barrier_n_waiting(&all.barrier), 2);
  create_tasks(tasks + 2, 1, wait_at, &all.barrier);
  iterate(1);
  CHECK_EQ(sp_wait(tasks, 3, INFINITY, SP_ALL_COMPLETED), 3);
  check_empty(&all, false);
  CHECK_EQ(sp_gather(tasks, 3, NULL), 0);
}

static int wait_twice(void *arg)
{
  meeting *all = arg;
  int number = sp_barrier_wait(&all->barrier);
  if (number < 0) return number;
  all->left++;
  if ((number = sp_barrier_wait(&all->barrier)) < 0) return number;
  CHECK_EQ(all->left, PARTIES);
  all->passed++;
  return number;
}

BEHAVIOUR(barrier_is_passed_again, "the same tasks meet again, and all left the first time by then")
{
  meeting all = meeting_of(PARTIES);
  all_do(wait_twice, &all, PARTIES);
  CHECK_EQ(all.left, PARTIES);
  CHECK_EQ(all.passed, PARTIES);
  check_empty(&all, false);
}

BEHAVIOUR(barrier_numbers_its_tasks_again,
          "the second time, too, each task has a number of its own")
{
  meeting all = meeting_of(PARTIES);
  sp_task *tasks[PARTIES];
  int results[PARTIES], seen = 0;
  create_tasks(tasks, PARTIES, wait_twice, &all);
  CHECK_EQ(sp_gather(tasks, PARTIES, results), 0);
  for (int i = 0; i < PARTIES; i++) seen |= 1 << results[i];
  CHECK_EQ(seen, (1 << PARTIES) - 1);
  CHECK_EQ(all.left, PARTIES);
  CHECK_EQ(all.passed, PARTIES);
  check_empty(&all, false);
}

static int pass_and_look_back(void *arg)
{
  meeting *all = arg;
  int number = sp_barrier_wait(&all->barrier);
  note(all->barrier.count > 0 ? "drains" : "fills");
  return number;
}

BEHAVIOUR(barrier_drains_until_the_last_has_left, "a barrier drains until the last task has left")
{
  meeting all = meeting_of(PARTIES);
  all_do(pass_and_look_back, &all, PARTIES);
  SAW("drains drains drains drains fills");
  check_empty(&all, false);
}

/* Two tasks come back at once, and are not let in before the other three have left. */
static int come_back(void *arg)
{
  meeting *all = arg;
  int number = sp_barrier_wait(&all->barrier);
  if (number < 0) return number;
  if (all->left++ >= 2 && (number = sp_barrier_wait(&all->other)) < 0) return number;
  return sp_barrier_wait(&all->barrier);
}

BEHAVIOUR(draining_barrier_lets_nobody_in,
          "who comes while a barrier drains waits until it is empty")
{
  meeting all = meeting_of(PARTIES);
  CHECK_EQ(sp_barrier_init(&all.other, PARTIES - 2), 0);
  all_do(come_back, &all, PARTIES);
  CHECK_EQ(all.left, PARTIES);
  check_empty(&all, false);
  CHECK_EQ(all.other.count, 0);
}

BEHAVIOUR(cancelled_task_leaves_the_barrier,
          "a task that is cancelled at a barrier no longer counts, and the others wait on")
{
  meeting all = meeting_of(3);
  sp_task *tasks[4];
  create_tasks(tasks, 1, wait_once, &all);
  iterate(1);
  CHECK_EQ(sp_barrier_n_waiting(&all.barrier), 1);
  create_tasks(tasks + 1, 1, wait_once, &all);
  iterate(1);
  CHECK_EQ(sp_barrier_n_waiting(&all.barrier), 2);
  CHECK(sp_task_cancel(tasks[0], NULL));
  iterate(1);
  CHECK_EQ(sp_barrier_n_waiting(&all.barrier), 1);
  CHECK(sp_future_cancelled(tasks[0]));
  CHECK_EQ(sp_await(tasks[0]), SP_ECANCELED);
  create_tasks(tasks + 2, 1, wait_once, &all);
  iterate(1);
  CHECK_EQ(sp_barrier_n_waiting(&all.barrier), 2);
  create_tasks(tasks + 3, 1, wait_once, &all);
  CHECK_EQ(sp_gather(tasks + 1, 3, NULL), 0);
  CHECK_EQ(all.passed, 3);
  check_empty(&all, false);
}

/* --- barriers that are reset --- */

BEHAVIOUR(empty_barrier_is_reset, "resetting a barrier where nobody waits changes nothing")
{
  meeting all = meeting_of(1);
  sp_task *task = sp_create_task(reset, &all.barrier);
  iterate(1);
  check_empty(&all, false);
  CHECK_EQ(sp_await(task), 0);
}

static int wait_or_break(void *arg)
{
  meeting *all = arg;
  int number = sp_barrier_wait(&all->barrier);
  if (number == SP_EBROKEN) all->broken++;
  return number == SP_EBROKEN ? 0 : number;
}

BEHAVIOUR(reset_lets_who_waits_go, "those that wait at a barrier that is reset go on with an error")
{
  meeting all = meeting_of(PARTIES);
  sp_task *tasks[PARTIES];
  create_tasks(tasks, PARTIES - 1, wait_or_break, &all);
  iterate(1);
  tasks[PARTIES - 1] = sp_create_task(reset, &all.barrier);
  CHECK_EQ(sp_gather(tasks, PARTIES, NULL), 0);
  CHECK_EQ(all.broken, PARTIES - 1);
  check_empty(&all, false);
}

BEHAVIOUR(reset_says_what_happened, "the error of a barrier that is reset says so")
{
  sp_barrier barrier;
  CHECK_EQ(sp_barrier_init(&barrier, 2), 0);
  sp_task *task = sp_create_task(wait_at, &barrier);
  iterate(1);
  CHECK_EQ(sp_barrier_reset(&barrier), 0);
  CHECK_ERROR(sp_await(task), SP_EBROKEN, "Abort or reset of barrier");
}

static int reset_when_half_have_left(void *arg)
{
  meeting *all = arg;
  int number = wait_or_break(all);
  if (number < 0 || all->barrier.count != HALF || all->broken > 0) return number;
  return sp_barrier_reset(&all->barrier);
}

BEHAVIOUR(reset_of_a_draining_barrier_breaks_the_rest,
          "those that have not left a draining barrier when it is reset go on with an error")
{
  meeting all = meeting_of(PARTIES);
  all_do(reset_when_half_have_left, &all, PARTIES);
  CHECK_EQ(all.broken, HALF);
  check_empty(&all, false);
}

/* Some leave and wait to come in again; then it is reset, and all the others come again, too. */
static int reset_while_some_are_blocked(void *arg)
{
  meeting *all = arg;
  int number = sp_barrier_wait(&all->barrier);
  if (number == SP_EBROKEN) {
    all->broken++;
  } else if (number < 0) {
    return number;
  } else if (++all->left > HALF) {
    int error = sp_barrier_reset(&all->barrier);
    if (error < 0) return error;
  } else {
    number = sp_barrier_wait(&all->barrier);
    if (number == SP_EBROKEN) all->blocked++;
    return number;
  }
  return sp_barrier_wait(&all->barrier);
}

BEHAVIOUR(reset_does_not_reach_who_waits_to_enter,
          "who waits for a draining barrier to be empty enters after the reset, without an error")
{
  meeting all = meeting_of(PARTIES);
  all_do(reset_while_some_are_blocked, &all, PARTIES);
  CHECK_EQ(all.broken, HALF);
  CHECK_EQ(all.blocked, 0);
  check_empty(&all, false);
}

static int wait_and_wait_again(void *arg)
{
  meeting *all = arg;
  int number = wait_or_break(all);
  return number < 0 ? number : wait_once(all);
}

BEHAVIOUR(reset_barrier_is_used_again, "tasks that a reset let go meet at the same barrier again")
{
  meeting all = meeting_of(PARTIES);
  sp_task *tasks[PARTIES + 1];
  create_tasks(tasks, PARTIES - 1, wait_and_wait_again, &all);
  tasks[PARTIES - 1] = sp_create_task(reset, &all.barrier);
  iterate(1);
  tasks[PARTIES] = sp_create_task(wait_once, &all);
  CHECK_EQ(sp_gather(tasks, PARTIES + 1, NULL), 0);
  CHECK_EQ(all.broken, PARTIES - 1);
  CHECK_EQ(all.passed, PARTIES);
  check_empty(&all, false);
}

/* Three times; the last to leave the first time resets what is empty then. */
static int reset_by_the_last(void *arg)
{
  meeting *all = arg;
  int number = sp_barrier_wait(&all->barrier);
  if (number >= 0 && ++all->left == PARTIES) number = sp_barrier_reset(&all->barrier);
  if (number < 0) return number;
  number = sp_barrier_wait(&all->barrier);
  if (number < 0) all->broken++;
  return wait_once(all);
}

BEHAVIOUR(reset_by_the_last_to_leave_breaks_nobody,
          "a reset by the last to leave harms none of those that wait to enter")
{
  meeting all = meeting_of(PARTIES);
  all_do(reset_by_the_last, &all, PARTIES);
  CHECK_EQ(all.left, PARTIES);
  CHECK_EQ(all.broken, 0);
  CHECK_EQ(all.passed, PARTIES);
  check_empty(&all, false);
}

/* --- barriers that are aborted --- */

BEHAVIOUR(aborted_barrier_is_broken, "an aborted barrier is broken for whoever comes")
{
  meeting all = meeting_of(1);
  sp_task *task = sp_create_task(stop, &all.barrier);
  iterate(1);
  check_empty(&all, true);
  CHECK_EQ(sp_await(task), 0);
  CHECK_ERROR(sp_barrier_wait(&all.barrier), SP_EBROKEN, "Barrier aborted");
}

static int abort_while_some_are_blocked(void *arg)
{
  meeting *all = arg;
  int number = sp_barrier_wait(&all->barrier);
  if (number == SP_EBROKEN) {
    all->broken++;
  } else if (number >= 0 && ++all->left > HALF) {
    return sp_barrier_abort(&all->barrier);
  } else if (number >= 0) {
    number = sp_barrier_wait(&all->barrier);
    if (number == SP_EBROKEN) all->blocked++;
  }
  return number == SP_EBROKEN ? 0 : number;
}

BEHAVIOUR(abort_reaches_inside_and_outside,
          "an abort breaks those that have not left and those that wait to enter")
{
  meeting all = meeting_of(PARTIES);
  all_do(abort_while_some_are_blocked, &all, PARTIES);
  CHECK_EQ(all.broken, HALF);
  CHECK_EQ(all.blocked, PARTIES - HALF - 1);
  check_empty(&all, true);
}

/* The one in the middle fails and aborts; the others cannot meet again. */
static int fail_in_the_middle(void *arg)
{
  meeting *all = arg;
  int number = sp_barrier_wait(&all->barrier);
  if (number == HALF) return sp_barrier_abort(&all->barrier);
  if (number >= 0) number = sp_barrier_wait(&all->barrier);
  if (number >= 0) all->passed++;
  if (number == SP_EBROKEN) all->broken++;
  return number == SP_EBROKEN ? 0 : number;
}

BEHAVIOUR(failing_task_aborts_the_barrier,
          "a task that fails can keep the others from waiting for it")
{
  meeting all = meeting_of(PARTIES);
  all_do(fail_in_the_middle, &all, PARTIES);
  CHECK_EQ(all.passed, 0);
  CHECK_EQ(all.broken, PARTIES - 1);
  check_empty(&all, true);
}

/* Then all meet at another barrier, one resets the first, and all meet there. */
static int fail_and_reset(void *arg)
{
  meeting *all = arg;
  int number = fail_in_the_middle(all);
  if (number < 0) return number;
  number = sp_barrier_wait(&all->other);
  if (number == HALF) number = sp_barrier_reset(&all->barrier);
  if (number >= 0) number = sp_barrier_wait(&all->other);
  if (number >= 0) number = sp_barrier_wait(&all->barrier);
  if (number >= 0) all->left++;
  return number;
}

BEHAVIOUR(reset_mends_an_aborted_barrier, "an aborted barrier that is reset can be used again")
{
  meeting all = meeting_of(PARTIES);
  CHECK_EQ(sp_barrier_init(&all.other, PARTIES), 0);
  all_do(fail_and_reset, &all, PARTIES);
  CHECK_EQ(all.passed, 0);
  CHECK_EQ(all.broken, PARTIES - 1);
  CHECK_EQ(all.left, PARTIES);
  check_empty(&all, false);
}
