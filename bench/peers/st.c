/* The cases for State Threads. A step: a thread signals the condition of the next one in a ring and
 * waits for its own; st_usleep(0), the yield of the manual, takes 200 ns, since it looks at the clock
 * and polls. usage: st CASE [SIZE], as in usage_line. */
#include <st.h>
#include <stdbool.h>
#include <string.h>

#include "measure.h"

static const char usage_line[] =
    "st step THREADS | create one|batch | message ROOM | semaphore | sleeps | stacks";

static st_thread_t start(void *(*function)(void *), void *arg)
{
  st_thread_t thread = st_thread_create(function, arg, 1, 0);
  if (!thread) abort();
  return thread;
}

static void join_all(st_thread_t *threads, int count)
{
  for (int i = 0; i < count; i++) {
    if (st_thread_join(threads[i], NULL) != 0) abort();
  }
}

/* --- a step --- */

enum { STEPS = 10000000 };
static double seconds;

typedef struct member {
  st_cond_t turn;
  struct member *next;
  long rounds;
} member;

static void hand_over(member *self, long rounds)
{
  for (long i = 0; i < rounds; i++) {
    st_cond_signal(self->next->turn);
    st_cond_wait(self->turn);
  }
}

static void *step(void *arg)
{
  member *self = arg;
  st_cond_wait(self->turn);
  hand_over(self, self->rounds / 5 + 1);
  double began = wall_seconds();
  hand_over(self, self->rounds);
  seconds = wall_seconds() - began;
  st_cond_signal(self->next->turn);
  return NULL;
}

static double measure_step(int count)
{
  st_thread_t *threads = calloc((size_t)count, sizeof *threads);
  member *members = calloc((size_t)count, sizeof *members);
  if (!threads || !members) abort();
  long rounds = STEPS / count + 1;
  for (int i = 0; i < count; i++) {
    members[i] = (member){st_cond_new(), &members[(i + 1) % count], rounds};
    if (!members[i].turn) abort();
    threads[i] = start(step, &members[i]);
  }
  st_usleep(0);
  st_cond_signal(members[0].turn);
  join_all(threads, count);
  free(threads);
  free(members);
  return seconds * 1e9 / (double)rounds / count;
}

/* --- create, run, join --- */

enum { CREATED = 1000000, BATCH = 10000 };

static void *nothing(void *arg) { return arg; }

static void run_batches(int count, int size)
{
  static st_thread_t threads[BATCH];
  for (int done = 0; done < count; done += size) {
    for (int i = 0; i < size; i++) threads[i] = start(nothing, NULL);
    join_all(threads, size);
  }
}

static double measure_create(int size)
{
  run_batches(CREATED / 5, size);
  double began = wall_seconds();
  run_batches(CREATED, size);
  return (wall_seconds() - began) * 1e9 / CREATED;
}

/* --- messages --- */

enum { MESSAGES = 2000000, ROOM_MAX = 1024 };

static struct queue {
  void *items[ROOM_MAX];
  int room, first, count;
  st_cond_t not_empty, not_full;
} queue;

static void put(void *item)
{
  while (queue.count == queue.room) st_cond_wait(queue.not_full);
  queue.items[(queue.first + queue.count++) % queue.room] = item;
  st_cond_signal(queue.not_empty);
}

static void *get(void)
{
  while (queue.count == 0) st_cond_wait(queue.not_empty);
  void *item = queue.items[queue.first];
  queue.first = (queue.first + 1) % queue.room;
  queue.count--;
  st_cond_signal(queue.not_full);
  return item;
}

static void *produce(void *arg)
{
  for (int i = 0; i < MESSAGES + MESSAGES / 5; i++) put(&queue);
  return arg;
}

static double measure_message(int room)
{
  queue.room = room;
  queue.not_empty = st_cond_new();
  queue.not_full = st_cond_new();
  if (!queue.not_empty || !queue.not_full) abort();
  st_thread_t producer = start(produce, NULL);
  for (int i = 0; i < MESSAGES / 5; i++) get();
  double began = wall_seconds();
  for (int i = 0; i < MESSAGES; i++) get();
  double taken = wall_seconds() - began;
  join_all(&producer, 1);
  return taken * 1e9 / MESSAGES;
}

/* --- a semaphore: of a condition, as State Threads has none --- */

enum { PASSING = 1000, PASSES = 100, PERMITS = 20 };

static int permits = PERMITS;
static st_cond_t released;

static void *pass(void *arg)
{
  for (int i = 0; i < PASSES; i++) {
    while (permits == 0) st_cond_wait(released);
    permits--;
    st_usleep(0);
    permits++;
    st_cond_signal(released);
  }
  return arg;
}

static void pass_all(void)
{
  static st_thread_t threads[PASSING];
  for (int i = 0; i < PASSING; i++) threads[i] = start(pass, NULL);
  join_all(threads, PASSING);
}

static double measure_semaphore(void)
{
  released = st_cond_new();
  if (!released) abort();
  pass_all();
  double began = wall_seconds();
  pass_all();
  return (wall_seconds() - began) * 1e3;
}

/* --- sleeps --- */

enum { SLEEPING = 100000, SLEEPS = 10 };

static void *sleep_some(void *arg)
{
  static unsigned long long state = 88172645463325252u;
  for (int i = 0; i < SLEEPS; i++) st_usleep(draw(&state) % 10000);
  return arg;
}

static double measure_sleeps(void)
{
  static st_thread_t threads[SLEEPING];
  for (int i = 0; i < SLEEPING; i++) threads[i] = start(sleep_some, NULL);
  join_all(threads, SLEEPING);
  return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

/* --- new stacks --- */

static void *park(void *arg)
{
  st_sleep(1000000);
  return arg;
}

static double measure_stacks(void)
{
  double began = wall_seconds();
  for (int i = 0; i < SLEEPING; i++) start(park, NULL);
  st_usleep(0);
  return (wall_seconds() - began) * 1e6 / SLEEPING;
}

/* --- the command line --- */

typedef struct one_case {
  const char *name;
  double (*sized)(int size);
  double (*plain)(void);
} one_case;

static const one_case cases[] = {
    {"step", measure_step, NULL},       {"create", measure_create, NULL},
    {"message", measure_message, NULL}, {"semaphore", NULL, measure_semaphore},
    {"sleeps", NULL, measure_sleeps},   {"stacks", NULL, measure_stacks},
};

static int size_of(const char *word)
{
  if (strcmp(word, "one") == 0) return 1;
  return strcmp(word, "batch") == 0 ? BATCH : atoi(word);
}

int main(int count, char **words)
{
  if (st_set_eventsys(ST_EVENTSYS_ALT) != 0 || st_init() != 0) return EXIT_FAILURE;
  int size = count == 3 ? size_of(words[2]) : 0;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    if (count < 2 || strcmp(words[1], cases[i].name) != 0) continue;
    if (cases[i].plain && count == 2) return print_figure(cases[i].plain());
    if (cases[i].sized && size > 0) return print_figure(cases[i].sized(size));
  }
  return usage(usage_line);
}
