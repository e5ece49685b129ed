/* Many tasks that do next to nothing, to see what a task and a switch of tasks cost.
 *
 * All of them wait for one event, so that they begin together. They are made in batches, with a
 * sp_sleep(0) in between: whatever else the loop has to do, a page or a Ctrl-C, need not wait for the
 * last of them. Nobody keeps their handles: sp_run cancels at its end what is left. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

enum { TASKS_MAX = 1000000, BATCH = 1000 };

typedef struct stress {
  int tasks;
  double seconds;
  bool yields; /* else they sleep */
  bool json;
  sp_event start;
  uint32_t seed;
  size_t own_memory; /* of the main task */
} stress;

/* --- the tasks --- */

/* From 0 to 1, another one each time: xorshift. */
static double draw(uint32_t *state)
{
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state / 4294967296.0;
}

static int sleeps(void *arg)
{
  stress *job = arg;
  uint32_t random = ++job->seed * 2654435761u;
  int result = sp_event_wait(&job->start);
  while (result == 0) result = sp_sleep(draw(&random));
  return result;
}

static int yields(void *arg)
{
  stress *job = arg;
  int result = sp_event_wait(&job->start);
  while (result == 0) result = sp_sleep(0);
  return result;
}

static int create(stress *job)
{
  sp_task_options options = {.stack_size = 1}; /* the smallest there is */
  for (int made = 0; made < job->tasks; made++) {
    sp_task *task = sp_create_task_with(job->yields ? yields : sleeps, job, &options);
    if (!task) return SP_ENOMEM;
    sp_task_detach(task);
    int result = made % BATCH == BATCH - 1 ? sp_sleep(0) : 0;
    if (result < 0) return result;
  }
  return sp_sleep(0);
}

/* --- what they cost --- */

typedef struct moment {
  double time;
  sp_statistics loop;
} moment;

static moment now(void)
{
  moment here = {.time = sp_loop_time(sp_loop_running())};
  sp_loop_statistics(sp_loop_running(), &here.loop);
  return here;
}

/* This task is not counted. */
static void report(const stress *job, const moment *began, const char *format, FILE *to)
{
  moment ended = now();
  size_t tasks = ended.loop.tasks - 1;
  double switches = (double)(ended.loop.switches - began->loop.switches);
  double busy = ended.loop.busy - began->loop.busy;
  size_t memory = tasks > 0 ? (ended.loop.task_memory - job->own_memory) / tasks : 0;
  fprintf(to, format, tasks, job->yields ? "yield" : "sleep", ended.time - began->time, switches,
          switches > 0 ? busy / switches * 1e9 : 0, memory);
  fflush(to);
}

static const char line[] =
    "%zu tasks that %s: after %.1f s %.0f switches of %.0f ns, %zu bytes a task\n";
static const char json[] =
    "{\"tasks\":%zu,\"mode\":\"%s\",\"seconds\":%.3f,\"switches\":%.0f,\"switch_ns\":%.1f,"
    "\"task_memory\":%zu}\n";

static int watch(const stress *job, const moment *began)
{
  int result = 0;
  double end = began->time + job->seconds;
  for (double next = began->time + 1; result == 0 && next < end; next++) {
    result = sp_sleep(next - sp_loop_time(sp_loop_running()));
    if (result == 0) report(job, began, line, job->json ? stderr : stdout);
  }
  return result == 0 ? sp_sleep(end - sp_loop_time(sp_loop_running())) : result;
}

static int run(void *arg)
{
  stress *job = arg;
  job->own_memory = now().loop.task_memory;
  int result = create(job);
  moment began = now();
  sp_event_set(&job->start);
  if (result == 0) result = watch(job, &began);
  report(job, &began, job->json ? json : line, stdout);
  return result;
}

/* --- the command line --- */

static bool read_number(const char *word, double most, double *number)
{
  char *end;
  *number = word ? strtod(word, &end) : 0;
  return word && *word && !*end && *number > 0 && *number <= most;
}

static bool parse(stress *job, char **words)
{
  double number;
  for (; *words; words++) {
    if (strcmp(*words, "-n") == 0) {
      if (!read_number(*++words, TASKS_MAX, &number) || number != (int)number) return false;
      job->tasks = (int)number;
    } else if (strcmp(*words, "--seconds") == 0) {
      if (!read_number(*++words, 1e6, &job->seconds)) return false;
    } else if (strcmp(*words, "--json") == 0) {
      job->json = true;
    } else if (strcmp(*words, "--yield") == 0 || strcmp(*words, "--sleep") == 0) {
      job->yields = strcmp(*words, "--yield") == 0;
    } else {
      return false;
    }
  }
  return true;
}

int main(int argc, char **argv)
{
  static stress job = {.tasks = 10000, .seconds = 5};
  (void)argc;
  if (!parse(&job, argv + 1)) {
    fprintf(stderr,
            "usage: stress [-n TASKS] [--seconds S] [--sleep|--yield] [--json]\n"
            "  -n         how many tasks, 1 to %d (default: 10000)\n"
            "  --seconds  how long they run (default: 5)\n"
            "  --sleep    each sleeps for up to a second, again and again (default)\n"
            "  --yield    each lets the others run, again and again\n"
            "  --json     the last line is JSON, and the others go to stderr\n",
            TASKS_MAX);
    return 2;
  }
  int result = sp_run(run, &job);
  if (result == SP_EINTERRUPTED) return 130;
  if (result < 0) fprintf(stderr, "stress: %s\n", sp_error_message());
  return result < 0 ? 1 : 0;
}
