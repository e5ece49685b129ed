/* One sp_sleep(0): TASKS tasks yield in turn, each DEPTH calls below its own function. In random
 * order their stacks are met in an order that has nothing to do with where they lie. Prints
 * nanoseconds a step. */
#include <spindle.h>
#include <string.h>

#include "measure.h"

enum { STEPS = 20000000, STEPS_AT_LEAST = 6 };

typedef struct crowd {
  int tasks;
  int depth;
  int rounds;
  int warm_up; /* rounds before those that count */
  double seconds;
} crowd;

typedef struct member {
  crowd *crowd;
  sp_future *begin; /* NULL: at once */
  bool takes_time;
} member;

static volatile int level; /* written after each call, so that it stays a call */

/* What the steps do not need is not to lie in their frame. */
static __attribute__((noinline)) void begin_time(crowd *all) { all->seconds = -wall_seconds(); }
static __attribute__((noinline)) void end_time(crowd *all) { all->seconds += wall_seconds(); }

static __attribute__((noinline)) int step(void *arg)
{
  const member *self = arg;
  int rounds = self->crowd->rounds;
  for (int left = rounds + self->crowd->warm_up; left > 0; left--) {
    if (left == rounds && self->takes_time) begin_time(self->crowd);
    int error = sp_sleep(0);
    if (error < 0) return error;
  }
  if (self->takes_time) end_time(self->crowd);
  return 0;
}

/* Not to be made a loop: each call is to have a frame. */
static __attribute__((noinline)) int descend(member *self, int left)
{
  if (left == 0) return step(self);
  int result = descend(self, left - 1);
  level = left;
  return result;
}

static int run_deep(void *arg)
{
  member *self = arg;
  int depth = self->crowd->depth;
  int error = self->begin ? sp_await(self->begin) : 0;
  if (error < 0) return error;
  return depth > 1 ? descend(self, depth - 2) : step(self);
}

static void shuffle(sp_future **futures, int count)
{
  unsigned long long state = 88172645463325252u;
  for (int left = count; left > 1; left--) {
    int other = (int)(draw(&state) % (unsigned long long)left);
    sp_future *swapped = futures[left - 1];
    futures[left - 1] = futures[other];
    futures[other] = swapped;
  }
}

static int release_in_random_order(member *members, int count)
{
  sp_future **futures = malloc((size_t)count * sizeof *futures);
  if (!futures) return SP_ENOMEM;
  for (int i = 0; i < count; i++) futures[i] = members[i].begin;
  shuffle(futures, count);
  int error = sp_sleep(0);
  for (int i = 0; i < count && error >= 0; i++) error = sp_future_set_result(futures[i], 0);
  free(futures);
  return error;
}

static int run_crowd(crowd *all, member *members, sp_task **tasks, bool random)
{
  sp_task_options options = {.stack_size = 16384};
  sp_coroutine *fn = all->depth > 0 || random ? run_deep : step;
  for (int i = 0; i < all->tasks; i++) {
    members[i] = (member){.crowd = all, .takes_time = i == 0};
    if (random && !(members[i].begin = sp_future_new())) return SP_ENOMEM;
    tasks[i] = sp_create_task_with(fn, &members[i], &options);
    if (!tasks[i]) return SP_ENOMEM;
  }
  int error = random ? release_in_random_order(members, all->tasks) : 0;
  for (int i = 0; i < all->tasks && error >= 0; i++) {
    error = sp_await(tasks[i]);
    sp_future_free(members[i].begin);
  }
  return error;
}

static bool in_random_order;

static int run(void *arg)
{
  crowd *all = arg;
  size_t count = (size_t)all->tasks;
  member *members = calloc(count, sizeof *members);
  sp_task **tasks = calloc(count, sizeof *tasks);
  int error = members && tasks ? run_crowd(all, members, tasks, in_random_order) : SP_ENOMEM;
  free(members);
  free(tasks);
  return error;
}

int main(int count, char **words)
{
  crowd all = {.tasks = count > 1 ? atoi(words[1]) : 0, .depth = count > 2 ? atoi(words[2]) : 0};
  in_random_order = count > 3 && strcmp(words[3], "random") == 0;
  if (all.tasks < 1 || count > 4) return usage("step TASKS [DEPTH [random]]");
  all.rounds = STEPS / all.tasks;
  if (all.rounds < STEPS_AT_LEAST) all.rounds = STEPS_AT_LEAST;
  all.warm_up = all.rounds / 5 + 1;
  if (sp_run(run, &all) < 0) return EXIT_FAILURE;
  return print_figure(all.seconds * 1e9 / all.rounds / all.tasks);
}
