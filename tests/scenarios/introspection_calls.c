/* The tree of tasks names the call in which each one waits, and where the program made it.
 * @server */
#include <math.h>
#include <stdio.h>

#include "spindle.h"

static sp_lock lock = {.locked = true};
static sp_event event;
static sp_condition condition;
static sp_semaphore semaphore;
static sp_barrier barrier;
static sp_queue *queue;
static char hanging[200];

static int locks(void *arg)
{
  (void)arg;
  return sp_lock_acquire(&lock);
}

static int waits_for_an_event(void *arg)
{
  (void)arg;
  return sp_event_wait(&event);
}

static int waits_to_be_notified(void *arg)
{
  (void)arg;
  int error = sp_condition_acquire(&condition);
  if (error < 0) return error;
  error = sp_condition_wait(&condition);
  sp_condition_release(&condition);
  return error;
}

static int never(void *arg)
{
  (void)arg;
  return 0;
}

static int waits_until_it_is_so(void *arg)
{
  (void)arg;
  int error = sp_condition_acquire(&condition);
  if (error < 0) return error;
  error = sp_condition_wait_for(&condition, never, NULL);
  sp_condition_release(&condition);
  return error;
}

static int takes_a_permit(void *arg)
{
  (void)arg;
  return sp_semaphore_acquire(&semaphore);
}

static int meets_others(void *arg)
{
  (void)arg;
  return sp_barrier_wait(&barrier);
}

static int gets(void *arg)
{
  void *item;
  (void)arg;
  return sp_queue_get(queue, &item);
}

static int puts_one_too_many(void *full)
{
  int error = sp_queue_put(full, NULL);
  return error < 0 ? error : sp_queue_put(full, NULL);
}

static int joins(void *full) { return sp_queue_join(full); }

static int fetches(void *arg)
{
  sp_response response;
  (void)arg;
  return sp_fetch(hanging, NULL, &response);
}

static int nothing(void *arg)
{
  (void)arg;
  return 0;
}

static int uses_a_thread(void *arg) { return sp_to_thread(nothing, arg); }

static int backs_off(const char *where) { return sp_sleep_from(INFINITY, where); }

static int waits_by_a_name_of_its_own(void *arg)
{
  (void)arg;
  return backs_off(SP_HERE "backs_off");
}

static int waits_without_a_name(void *arg)
{
  (void)arg;
  return backs_off(SP_HERE);
}

enum { TASKS = 13 };

/* Each waits before the next one is made. */
static int run(void *arg)
{
  (void)arg;
  sp_queue *full = sp_queue_new(1);
  sp_task_options eager = {.eager_start = true};
  sp_task *tasks[TASKS] = {
      sp_create_task_with(locks, NULL, &eager),
      sp_create_task_with(waits_for_an_event, NULL, &eager),
      sp_create_task_with(waits_to_be_notified, NULL, &eager),
      sp_create_task_with(waits_until_it_is_so, NULL, &eager),
      sp_create_task_with(takes_a_permit, NULL, &eager),
      sp_create_task_with(meets_others, NULL, &eager),
      sp_create_task_with(gets, NULL, &eager),
      sp_create_task_with(puts_one_too_many, full, &eager),
      sp_create_task_with(joins, full, &eager),
      sp_create_task_with(fetches, NULL, &eager),
      sp_create_task_with(uses_a_thread, NULL, &eager),
      sp_create_task_with(waits_by_a_name_of_its_own, NULL, &eager),
      sp_create_task_with(waits_without_a_name, NULL, &eager),
  };
  sp_print_tasks(sp_loop_running());
  for (int i = 0; i < TASKS; i++) sp_task_cancel(tasks[i], NULL);
  for (int i = 0; i < TASKS; i++) {
    int result = sp_await(tasks[i]);
    if (result != SP_ECANCELED) printf("%d: %s\n", i, sp_strerror(result));
  }
  sp_queue_free(full);
  return 0;
}

int main(int argc, char **argv)
{
  snprintf(hanging, sizeof hanging, "%shang", argc > 1 ? argv[1] : "");
  sp_barrier_init(&barrier, 2);
  queue = sp_queue_new(0);
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.virtual_clock = true});
  int result = sp_loop_run(loop, run, NULL);
  sp_loop_free(loop);
  sp_queue_free(queue);
  return result;
}
