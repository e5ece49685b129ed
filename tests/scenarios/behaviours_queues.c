/* Behaviours of queues: order, limits, who waits, what is done with, and the shutdown. */
#include "behaviours.h"

/* --- items, and the three kinds of queue --- */

enum { NUMBERS = 100 };

static int numbers[NUMBERS];

__attribute__((constructor)) static void fill_numbers(void)
{
  for (int i = 0; i < NUMBERS; i++) numbers[i] = i;
}

static int compare_numbers(const void *a, const void *b)
{
  return *(const int *)a - *(const int *)b;
}

static int put_now(sp_queue *queue, int number)
{
  return sp_queue_put_nowait(queue, &numbers[number]);
}

static int put(sp_queue *queue, int number) { return sp_queue_put(queue, &numbers[number]); }

/* The number, or an error. */
static int get_now(sp_queue *queue)
{
  void *item;
  int error = sp_queue_get_nowait(queue, &item);
  return error < 0 ? error : *(int *)item;
}

static int get(sp_queue *queue)
{
  void *item;
  int error = sp_queue_get(queue, &item);
  return error < 0 ? error : *(int *)item;
}

typedef sp_queue *queue_kind(int maxsize);

static sp_queue *priority_queue(int maxsize)
{
  return sp_priority_queue_new(maxsize, compare_numbers);
}

static void with_each_kind(void (*behave)(queue_kind *kind))
{
  behave(sp_queue_new);
  behave(sp_lifo_queue_new);
  behave(priority_queue);
}

/* --- tasks --- */

static int getter(void *queue) { return get((sp_queue *)queue); }

static int joiner(void *queue) { return sp_queue_join((sp_queue *)queue); }

/* A task that puts one number. */
typedef struct putter {
  sp_queue *queue;
  int number;
} putter;

static int put_one(void *arg)
{
  const putter *self = arg;
  return put(self->queue, self->number);
}

/* A task that puts or gets so many, and notes each that is put. */
static int put_many(void *arg)
{
  const putter *self = arg;
  for (int i = 0; i < self->number; i++) {
    int error = put(self->queue, i);
    if (error < 0) return error;
    note("%d", i);
  }
  return 1;
}

static int get_many(void *arg)
{
  const putter *self = arg;
  for (int i = 0; i < self->number; i++) CHECK_EQ(get(self->queue), i);
  return 1;
}

static int write_over_stack(void *arg)
{
  volatile char junk[4096];
  (void)arg;
  for (size_t i = 0; i < sizeof junk; i++) junk[i] = 0x5a;
  return 0;
}

/* What the last task left on its stack, which the next one is given, cannot be used any more. */
static void forget_the_last_task(void)
{
  CHECK_EQ(sp_await(sp_create_task(write_over_stack, NULL)), 0);
}

/* Each of the numbers 1, 3, 2 is put, and they come out as wanted. */
static void check_order(sp_queue *queue, int first, int second, int third)
{
  CHECK_EQ(put(queue, 1), 0);
  CHECK_EQ(put(queue, 3), 0);
  CHECK_EQ(put(queue, 2), 0);
  CHECK_EQ(get(queue), first);
  CHECK_EQ(get(queue), second);
  CHECK_EQ(get(queue), third);
  sp_queue_free(queue);
}

/* --- what is in a queue --- */

BEHAVIOUR(queue_tells_size_and_limit, "a queue counts its items, not those that wait")
{
  sp_queue *queue = sp_queue_new(1);
  putter two = {queue, 2};
  CHECK_EQ(sp_queue_maxsize(queue), 1);
  sp_task *task = sp_create_task(getter, queue);
  iterate(1);
  CHECK_EQ(sp_queue_size(queue), 0);
  CHECK_EQ(put_now(queue, 0), 0);
  CHECK_EQ(sp_queue_size(queue), 1);
  CHECK_EQ(sp_await(task), 0);
  CHECK_EQ(sp_queue_size(queue), 0);
  CHECK_EQ(put_now(queue, 1), 0);
  task = sp_create_task(put_one, &two);
  iterate(1);
  CHECK_EQ(sp_queue_size(queue), 1);
  CHECK_EQ(get_now(queue), 1);
  CHECK_EQ(sp_queue_size(queue), 0);
  CHECK_EQ(sp_await(task), 0);
  CHECK_EQ(sp_queue_size(queue), 1);
  sp_queue_free(queue);
}

BEHAVIOUR(queue_tells_whether_it_is_empty, "a queue is empty before a put and after the get")
{
  sp_queue *queue = sp_queue_new(0);
  CHECK(sp_queue_empty(queue));
  CHECK_EQ(put(queue, 1), 0);
  CHECK(!sp_queue_empty(queue));
  CHECK_EQ(get(queue), 1);
  CHECK(sp_queue_empty(queue));
  sp_queue_free(queue);
}

BEHAVIOUR(queue_tells_whether_it_is_full, "a queue is full at its limit; without one, never")
{
  sp_queue *unlimited = sp_queue_new(0), *limited = sp_queue_new(1);
  CHECK(!sp_queue_full(unlimited));
  CHECK_EQ(put(unlimited, 1), 0);
  CHECK(!sp_queue_full(unlimited));
  CHECK(!sp_queue_full(limited));
  CHECK_EQ(put(limited, 1), 0);
  CHECK(sp_queue_full(limited));
  sp_queue_free(unlimited);
  sp_queue_free(limited);
}

BEHAVIOUR(queue_is_first_in_first_out, "what was put first is got first")
{
  check_order(sp_queue_new(0), 1, 3, 2);
}

BEHAVIOUR(lifo_queue_is_last_in_first_out, "what was put last is got first")
{
  check_order(sp_lifo_queue_new(0), 2, 3, 1);
}

BEHAVIOUR(priority_queue_gives_the_least_first, "the least item is got first")
{
  check_order(priority_queue(0), 1, 2, 3);
}

BEHAVIOUR(full_queue_holds_the_putter, "a task that puts into a full queue goes on after a get")
{
  sp_queue *queue = sp_queue_new(2);
  putter three = {queue, 3};
  CHECK_EQ(sp_queue_maxsize(queue), 2);
  sp_task *task = sp_create_task(put_many, &three);
  iterate(2);
  SAW("0 1");
  CHECK_EQ(get(queue), 0);
  SAW("");
  iterate(1);
  SAW("2");
  CHECK_EQ(get(queue), 1);
  CHECK_EQ(get(queue), 2);
  CHECK(sp_future_done(task));
  CHECK_EQ(sp_await(task), 1);
  sp_queue_free(queue);
}

/* --- getting --- */

BEHAVIOUR(get_takes_what_is_there, "a get does not suspend when there is an item")
{
  sp_queue *queue = sp_queue_new(0);
  sp_task *other = task_returning(0);
  CHECK_EQ(put_now(queue, 1), 0);
  CHECK_EQ(get(queue), 1);
  CHECK(!sp_future_done(other));
  CHECK_EQ(sp_await(other), 0);
  sp_queue_free(queue);
}

BEHAVIOUR(get_wakes_a_putter, "a get wakes who waits to put, which puts in the next iteration")
{
  sp_queue *queue = sp_queue_new(1);
  putter two = {queue, 2};
  CHECK_EQ(put(queue, 1), 0);
  sp_task *task = sp_create_task(put_one, &two);
  iterate(1);
  CHECK(!sp_future_done(task));
  CHECK_EQ(get(queue), 1);
  CHECK(sp_queue_empty(queue));
  iterate(1);
  CHECK(sp_future_done(task));
  CHECK_EQ(get_now(queue), 2);
  CHECK_EQ(sp_await(task), 0);
  sp_queue_free(queue);
}

/* A task that gets or puts, and tells others of its beginning and its end. */
typedef struct announced {
  sp_queue *queue;
  sp_event started;
  bool finished;
} announced;

static int get_announced(void *arg)
{
  announced *self = arg;
  sp_event_set(&self->started);
  int number = get(self->queue);
  self->finished = true;
  return number;
}

static void put_a_one(void *queue) { CHECK_EQ(put_now(queue, 1), 0); }

BEHAVIOUR(get_waits_for_an_item, "a get from an empty queue waits until something is put")
{
  announced it = {.queue = sp_queue_new(0)};
  sp_task *task = sp_create_task(get_announced, &it);
  CHECK_EQ(sp_event_wait(&it.started), 0);
  CHECK(!it.finished);
  sp_loop_call_later(sp_loop_running(), 0.01, put_a_one, it.queue);
  CHECK_EQ(sp_await(task), 1);
  CHECK(it.finished);
  CHECK_TIME(loop_time(), 0.01);
  sp_queue_free(it.queue);
}

BEHAVIOUR_OUTSIDE(get_nowait_takes_what_is_there, "an item can be put and got outside of a loop")
{
  sp_queue *queue = sp_queue_new(0);
  CHECK_EQ(put_now(queue, 1), 0);
  CHECK_EQ(get_now(queue), 1);
  sp_queue_free(queue);
}

BEHAVIOUR_OUTSIDE(get_nowait_refuses_an_empty_queue, "nothing can be got from an empty queue")
{
  sp_queue *queue = sp_queue_new(0);
  CHECK_EQ(get_now(queue), SP_EEMPTY);
  sp_queue_free(queue);
}

BEHAVIOUR(item_passes_over_a_cancelled_getter, "an item goes to the first that was not cancelled")
{
  sp_queue *queue = sp_queue_new(0);
  sp_task *first = sp_create_task(getter, queue);
  sp_task *second = sp_create_task(getter, queue);
  iterate(1);
  CHECK(sp_task_cancel(first, NULL));
  iterate(1);
  CHECK(sp_future_done(first));
  CHECK_EQ(put(queue, 7), 0);
  iterate(1);
  CHECK(sp_future_done(second));
  CHECK_EQ(sp_await(second), 7);
  CHECK_EQ(sp_await(first), SP_ECANCELED);
  sp_queue_free(queue);
}

BEHAVIOUR(waiting_putters_put_in_order, "those that wait to put do so in the order of coming")
{
  sp_queue *queue = sp_queue_new(1);
  putter putters[] = {{queue, 4}, {queue, 5}};
  sp_task *tasks[2];
  for (int i = 0; i < 2; i++) tasks[i] = sp_create_task(put_one, &putters[i]);
  CHECK_EQ(get(queue), 4);
  CHECK_EQ(get(queue), 5);
  CHECK_EQ(sp_gather(tasks, 2, NULL), 0);
  sp_queue_free(queue);
}

BEHAVIOUR(producer_and_consumer_come_to_their_end,
          "a task that puts and one that gets serve each other through a queue for one item")
{
  sp_queue *queue = sp_queue_new(1);
  putter five = {queue, 5};
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_task_group_spawn(&group, put_many, &five), 0);
  CHECK_EQ(sp_task_group_spawn(&group, get_many, &five), 0);
  CHECK_EQ(sp_task_group_close(&group, 0), 0);
  SAW("0 1 2 3 4");
  CHECK(sp_queue_empty(queue));
  CHECK_TIME(loop_time(), 0);
  sp_queue_free(queue);
}

BEHAVIOUR(timed_out_getter_leaves_nothing_behind,
          "a get that timed out takes nothing that is put later, and is woken by nothing")
{
  sp_queue *queue = sp_queue_new(5);
  CHECK_EQ(sp_wait_for(sp_create_task(getter, queue), 0.1), SP_ETIMEDOUT);
  CHECK_TIME(loop_time(), 0.1);
  forget_the_last_task();
  CHECK_EQ(put_now(queue, 0), 0);
  CHECK_EQ(get_now(queue), 0);
  sp_task *task = sp_create_task(getter, queue);
  iterate(1);
  CHECK_EQ(put_now(queue, 1), 0);
  iterate(1);
  CHECK(sp_future_done(task));
  CHECK_EQ(sp_await(task), 1);
  sp_queue_free(queue);
}

/* --- putting --- */

BEHAVIOUR(put_without_limit_does_not_suspend, "a put into a queue without limit returns at once")
{
  sp_queue *queue = sp_queue_new(0);
  sp_task *other = task_returning(0);
  CHECK_EQ(put(queue, 1), 0);
  CHECK(!sp_future_done(other));
  CHECK_EQ(get(queue), 1);
  CHECK_EQ(sp_await(other), 0);
  sp_queue_free(queue);
}

static int put_announced(void *arg)
{
  announced *self = arg;
  sp_event_set(&self->started);
  int error = put(self->queue, 1);
  if (error == 0) error = put(self->queue, 2);
  self->finished = true;
  return error;
}

static void get_a_one(void *queue) { CHECK_EQ(get_now(queue), 1); }

BEHAVIOUR(put_waits_for_room, "a put into a full queue waits until something is got")
{
  announced it = {.queue = sp_queue_new(1)};
  sp_loop_call_later(sp_loop_running(), 0.01, get_a_one, it.queue);
  sp_task *task = sp_create_task(put_announced, &it);
  CHECK_EQ(sp_event_wait(&it.started), 0);
  CHECK(!it.finished);
  CHECK_EQ(sp_await(task), 0);
  CHECK(it.finished);
  CHECK_TIME(loop_time(), 0.01);
  sp_queue_free(it.queue);
}

BEHAVIOUR(getter_cancelled_when_woken_drops_no_item,
          "what a getter was woken for stays when the getter is cancelled before it runs")
{
  sp_queue *queue = sp_queue_new(0);
  sp_task *task = sp_create_task(getter, queue);
  iterate(1);
  CHECK_EQ(put_now(queue, 1), 0);
  CHECK_EQ(put_now(queue, 2), 0);
  CHECK(sp_task_cancel(task, NULL));
  CHECK_EQ(sp_await(task), SP_ECANCELED);
  CHECK_EQ(sp_await(sp_create_task(getter, queue)), 1);
  CHECK_EQ(sp_queue_size(queue), 1);
  sp_queue_free(queue);
}

BEHAVIOUR(getter_cancelled_when_woken_wakes_the_next,
          "a getter that is cancelled when it was woken has the next one woken instead")
{
  sp_queue *queue = sp_queue_new(0);
  sp_task_group group;
  sp_task *tasks[3];
  CHECK_EQ(sp_task_group_open(&group), 0);
  for (int i = 0; i < 3; i++) tasks[i] = sp_task_group_create_task(&group, getter, queue);
  iterate(1);
  CHECK_EQ(put_now(queue, 1), 0);
  CHECK_EQ(put_now(queue, 2), 0);
  CHECK(sp_task_cancel(tasks[0], NULL));
  CHECK_EQ(sp_await(tasks[0]), SP_ECANCELED);
  CHECK_EQ(sp_await(tasks[2]), 2);
  CHECK_EQ(sp_task_group_close(&group, 0), 0);
  CHECK_EQ(sp_await(tasks[1]), 1);
  sp_queue_free(queue);
}

BEHAVIOUR(putter_cancelled_when_woken_can_try_again,
          "a putter that is cancelled when it was woken has put nothing, and can try again")
{
  sp_queue *queue = sp_queue_new(1);
  putter two = {queue, 2};
  CHECK_EQ(put_now(queue, 1), 0);
  sp_task *task = sp_create_task(put_one, &two);
  iterate(1);
  CHECK_EQ(get_now(queue), 1);
  CHECK(sp_task_cancel(task, NULL));
  CHECK_EQ(sp_await(task), SP_ECANCELED);
  CHECK_EQ(sp_queue_size(queue), 0);
  CHECK_EQ(sp_await(sp_create_task(put_one, &two)), 0);
  CHECK_EQ(get_now(queue), 2);
  CHECK_EQ(sp_queue_size(queue), 0);
  sp_queue_free(queue);
}

BEHAVIOUR_OUTSIDE(put_nowait_refuses_a_full_queue, "nothing can be put into a full queue")
{
  sp_queue *queue = sp_queue_new(1);
  CHECK_EQ(put_now(queue, 1), 0);
  CHECK_EQ(put_now(queue, 2), SP_EFULL);
  CHECK_EQ(sp_queue_size(queue), 1);
  sp_queue_free(queue);
}

BEHAVIOUR(put_is_done_when_it_serves_a_getter, "a put that serves a waiting get is done by then")
{
  sp_queue *queue = sp_queue_new(0);
  putter one = {queue, 1};
  sp_task *task = sp_create_task(put_one, &one);
  CHECK_EQ(get(queue), 1);
  CHECK(sp_future_done(task));
  CHECK_EQ(sp_await(task), 0);
  sp_queue_free(queue);
}

BEHAVIOUR(put_serves_a_waiting_getter, "a put wakes who waits to get")
{
  sp_queue *queue = sp_queue_new(0);
  sp_task *task = sp_create_task(getter, queue);
  iterate(1);
  CHECK_EQ(put(queue, 7), 0);
  CHECK(!sp_future_done(task));
  iterate(1);
  CHECK(sp_future_done(task));
  CHECK_EQ(sp_await(task), 7);
  sp_queue_free(queue);
}

BEHAVIOUR(cancelled_putter_adds_nothing, "a putter that is cancelled puts nothing, and others do")
{
  sp_queue *queue = sp_queue_new(1);
  putter putters[] = {{queue, 1}, {queue, 2}, {queue, 9}};
  sp_task *tasks[3];
  for (int i = 0; i < 3; i++) tasks[i] = sp_create_task(put_one, &putters[i]);
  iterate(1);
  CHECK(sp_future_done(tasks[0]));
  CHECK(!sp_future_done(tasks[1]));
  CHECK(sp_task_cancel(tasks[2], NULL));
  iterate(1);
  CHECK(sp_future_done(tasks[2]));
  CHECK_EQ(get_now(queue), 1);
  iterate(1);
  CHECK_EQ(get_now(queue), 2);
  CHECK_EQ(sp_await(tasks[1]), 0);
  CHECK_EQ(sp_await(tasks[0]), 0);
  CHECK_EQ(sp_await(tasks[2]), SP_ECANCELED);
  CHECK(sp_queue_empty(queue));
  sp_queue_free(queue);
}

static int get_all_there_are(void *arg)
{
  sp_queue *queue = arg;
  int error = sp_sleep(0);
  size_t count = sp_queue_size(queue);
  for (size_t i = 0; i < count; i++) CHECK_EQ(get_now(queue), i);
  return error;
}

BEHAVIOUR(every_putter_comes_to_its_end, "as many putters go on as items are got at a time")
{
  sp_queue *queue = sp_queue_new(2);
  putter putters[] = {{queue, 0}, {queue, 1}, {queue, 2}, {queue, 3}};
  sp_task_group group;
  CHECK_EQ(sp_task_group_open(&group), 0);
  CHECK_EQ(sp_task_group_spawn(&group, get_all_there_are, queue), 0);
  for (int i = 0; i < 4; i++) CHECK_EQ(sp_task_group_spawn(&group, put_one, &putters[i]), 0);
  CHECK_EQ(sp_task_group_close(&group, 0), 0);
  CHECK_EQ(get_now(queue), 2);
  CHECK_EQ(get_now(queue), 3);
  CHECK(sp_queue_empty(queue));
  sp_queue_free(queue);
}

BEHAVIOUR(cancelled_putter_leaves_nothing_behind,
          "a putter that was cancelled takes no room that is free later, and is woken by nothing")
{
  sp_queue *queue = sp_queue_new(1);
  putter two = {queue, 2}, three = {queue, 3};
  CHECK_EQ(put_now(queue, 1), 0);
  sp_task *task = sp_create_task(put_one, &two);
  iterate(1);
  CHECK(sp_task_cancel(task, NULL));
  CHECK_EQ(sp_await(task), SP_ECANCELED);
  forget_the_last_task();
  task = sp_create_task(put_one, &three);
  iterate(1);
  CHECK_EQ(get_now(queue), 1);
  iterate(1);
  CHECK(sp_future_done(task));
  CHECK_EQ(get_now(queue), 3);
  CHECK_EQ(sp_await(task), 0);
  sp_queue_free(queue);
}

BEHAVIOUR(putter_cancelled_when_woken_is_cancelled,
          "a putter that is cancelled when it was woken ends as cancelled, and the room stays free")
{
  sp_queue *queue = sp_queue_new(1);
  putter two = {queue, 2};
  CHECK_EQ(put_now(queue, 1), 0);
  sp_task *task = sp_create_task(put_one, &two);
  iterate(1);
  CHECK_EQ(get_now(queue), 1);
  CHECK(sp_task_cancel(task, NULL));
  CHECK_EQ(sp_await(task), SP_ECANCELED);
  CHECK(sp_queue_empty(queue));
  sp_queue_free(queue);
}

/* --- being done with what was put --- */

static void refuse_too_much_work_done(queue_kind *kind)
{
  sp_queue *queue = kind(0);
  CHECK_ERROR(sp_queue_task_done(queue), SP_EINVAL, "task_done() called too many times");
  sp_queue_free(queue);
}

BEHAVIOUR_OUTSIDE(more_work_done_than_put_is_refused, "what was not put cannot be done with")
{
  with_each_kind(refuse_too_much_work_done);
}

/* Tasks that add up what they get, until they are to stop. */
typedef struct adder {
  sp_queue *queue;
  int sum;
  bool stop;
} adder;

static int add_up(void *arg)
{
  adder *self = arg;
  while (!self->stop) {
    int number = get(self->queue);
    if (number < 0) return number;
    self->sum += number;
    CHECK_EQ(sp_queue_task_done(self->queue), 0);
  }
  return 0;
}

static void join_two_workers(queue_kind *kind)
{
  adder work = {.queue = kind(0)};
  sp_task_group group;
  for (int i = 0; i < NUMBERS; i++) CHECK_EQ(put_now(work.queue, i), 0);
  CHECK_EQ(sp_task_group_open(&group), 0);
  for (int i = 0; i < 2; i++) CHECK_EQ(sp_task_group_spawn(&group, add_up, &work), 0);
  CHECK_EQ(sp_queue_join(work.queue), 0);
  CHECK_EQ(work.sum, NUMBERS * (NUMBERS - 1) / 2);
  work.stop = true;
  for (int i = 0; i < 2; i++) CHECK_EQ(put_now(work.queue, 0), 0);
  CHECK_EQ(sp_task_group_close(&group, 0), 0);
  sp_queue_free(work.queue);
}

BEHAVIOUR(join_waits_for_all_work, "a join returns when the work on every item is done")
{
  with_each_kind(join_two_workers);
}

static void join_the_unused(queue_kind *kind)
{
  sp_queue *queue = kind(0);
  sp_task *other = task_returning(0);
  CHECK_EQ(sp_queue_join(queue), 0);
  CHECK_EQ(sp_queue_join(queue), 0);
  CHECK(!sp_future_done(other));
  CHECK_EQ(sp_await(other), 0);
  sp_queue_free(queue);
}

BEHAVIOUR(join_of_an_unused_queue_returns_at_once, "a queue that was never used is done with")
{
  with_each_kind(join_the_unused);
}

/* --- shutdown --- */

static void check_shut_down(sp_queue *queue)
{
  CHECK_EQ(put(queue, 5), SP_ESHUTDOWN);
  CHECK_EQ(put_now(queue, 5), SP_ESHUTDOWN);
  CHECK_EQ(get(queue), SP_ESHUTDOWN);
  CHECK_EQ(get_now(queue), SP_ESHUTDOWN);
}

static void check_all_work_done(sp_queue *queue)
{
  CHECK_ERROR(sp_queue_task_done(queue), SP_EINVAL, "task_done() called too many times");
}

static void shut_down_empty(queue_kind *kind)
{
  sp_queue *queue = kind(0);
  sp_task *task = sp_create_task(getter, queue);
  iterate(1);
  sp_queue_shutdown(queue, false);
  CHECK_EQ(sp_queue_size(queue), 0);
  CHECK_EQ(sp_queue_join(queue), 0);
  iterate(1);
  CHECK(sp_future_done(task));
  CHECK_EQ(sp_await(task), SP_ESHUTDOWN);
  check_shut_down(queue);
  sp_queue_free(queue);
}

BEHAVIOUR(shutdown_of_an_empty_queue_wakes_getters,
          "who waits to get is refused in the iteration after the shutdown, whoever comes at once")
{
  with_each_kind(shut_down_empty);
}

static void shut_down_full(queue_kind *kind)
{
  sp_queue *queue = kind(1);
  putter two = {queue, 2};
  CHECK_EQ(put_now(queue, 1), 0);
  sp_task *join = sp_create_task(joiner, queue);
  sp_task *task = sp_create_task(put_one, &two);
  iterate(1);
  CHECK(!sp_future_done(task));
  sp_queue_shutdown(queue, false);
  CHECK_EQ(sp_queue_size(queue), 1);
  iterate(1);
  CHECK(sp_future_done(task));
  CHECK_EQ(sp_await(task), SP_ESHUTDOWN);
  CHECK_EQ(get(queue), 1);
  iterate(1);
  CHECK(!sp_future_done(join));
  check_shut_down(queue);
  CHECK_EQ(sp_queue_task_done(queue), 0);
  iterate(1);
  CHECK(sp_future_done(join));
  CHECK_EQ(sp_await(join), 0);
  check_all_work_done(queue);
  sp_queue_free(queue);
}

BEHAVIOUR(shutdown_leaves_what_is_there,
          "who waits to put is refused after a shutdown; what is there is got and worked on")
{
  with_each_kind(shut_down_full);
}

static void shut_down_at_once(queue_kind *kind)
{
  sp_queue *queue = kind(0);
  CHECK_EQ(put_now(queue, 1), 0);
  sp_task *waits = sp_create_task(joiner, queue);
  iterate(1);
  sp_task *comes_later = sp_create_task(joiner, queue);
  sp_queue_shutdown(queue, true);
  CHECK_EQ(sp_queue_size(queue), 0);
  iterate(1);
  CHECK(sp_future_done(waits));
  CHECK(sp_future_done(comes_later));
  CHECK_EQ(sp_await(waits), 0);
  CHECK_EQ(sp_await(comes_later), 0);
  check_shut_down(queue);
  check_all_work_done(queue);
  sp_queue_free(queue);
}

BEHAVIOUR(immediate_shutdown_empties_the_queue,
          "an immediate shutdown takes out what is there, which counts as done")
{
  with_each_kind(shut_down_at_once);
}

static void shut_down_while_at_work(queue_kind *kind)
{
  sp_queue *queue = kind(0);
  CHECK_EQ(put_now(queue, 1), 0);
  CHECK_EQ(put_now(queue, 1), 0);
  sp_task *join = sp_create_task(joiner, queue);
  CHECK_EQ(get(queue), 1);
  sp_queue_shutdown(queue, true);
  CHECK_EQ(sp_queue_size(queue), 0);
  iterate(1);
  CHECK(!sp_future_done(join));
  check_shut_down(queue);
  CHECK_EQ(sp_queue_task_done(queue), 0);
  check_all_work_done(queue);
  iterate(1);
  CHECK(sp_future_done(join));
  CHECK_EQ(sp_await(join), 0);
  sp_queue_free(queue);
}

BEHAVIOUR(immediate_shutdown_leaves_unfinished_work,
          "what was got before an immediate shutdown is still to be done, and joined")
{
  with_each_kind(shut_down_while_at_work);
}
