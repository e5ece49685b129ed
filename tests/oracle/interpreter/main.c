/* The oracle's side of spindle: fetches a batch of programs from the URL that it is given, runs one
 * after the other, each on a loop of its own with a virtual clock, and prints their traces.
 *
 * In the batch a line "program ID" begins each program; in the output one begins its trace, and a
 * line "finished ID" ends it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "operations.h"

/* --- the objects that a program declares --- */

static void declare(o_run *run, const o_op *declaration)
{
  const char *kind = declaration->words[0];
  const char *name = declaration->words[1];
  bool has_value = declaration->word_count > 2;
  int value = has_value ? atoi(declaration->words[2]) : 0;
  int number = number_of(name);
  switch (kind[0] * 256 + kind[1]) {
    case 's' * 256 + 'e':
      sp_semaphore_init(&run->semaphores[number], value);
      break;
    case 'b' * 256 + 'o':
      sp_semaphore_init_bounded(&run->semaphores[number], value);
      break;
    case 'b' * 256 + 'a':
      sp_barrier_init(&run->barriers[number], value);
      break;
    case 'q' * 256 + 'u':
      run->queues[number] = sp_queue_new(value);
      break;
    case 'l' * 256 + 'i':
      run->queues[number] = sp_lifo_queue_new(value);
      break;
    case 'p' * 256 + 'r':
      run->queues[number] = sp_priority_queue_new(value, compare_items);
      break;
    case 'f' * 256 + 'u':
      run->futures[number] = sp_loop_create_future(run->loop);
      break;
    case 'c' * 256 + 'o':
      if (kind[3] == 'd' && has_value) {
        run->conditions[number].lock = &run->locks[number_of(declaration->words[2])];
      }
      break;
    default:
      break; /* what is zero at first */
  }
}

static bool final_state(o_run *run, const char *name, o_text *state)
{
  int number = number_of(name);
  switch (name[0]) {
    case 'f':
      say_state(state, run->futures[number]);
      return true;
    case 'l':
      say(state, "%d", sp_lock_locked(&run->locks[number]));
      return true;
    case 'c':
      say(state, "%d", sp_condition_locked(&run->conditions[number]));
      return true;
    case 's':
      say(state, "%d", sp_semaphore_locked(&run->semaphores[number]));
      return true;
    case 'e':
      say(state, "%d", sp_event_is_set(&run->events[number]));
      return true;
    case 'x':
      say(state, "%d", run->counters[number]);
      return true;
    case 'b':
      say(state, "[%d %d]", sp_barrier_n_waiting(&run->barriers[number]),
          sp_barrier_broken(&run->barriers[number]));
      return true;
    case 'q':
      say(state, "[%zu %d %d %d]", sp_queue_size(run->queues[number]),
          sp_queue_maxsize(run->queues[number]), sp_queue_empty(run->queues[number]),
          sp_queue_full(run->queues[number]));
      return true;
    default:
      return false;
  }
}

static void final_states(o_run *run)
{
  write_line(run, "%.9g over", sp_loop_time(run->loop));
  for (int i = 0; i < MANY; i++) {
    if (!run->tasks[i].task) continue;
    o_text state = {.used = 0};
    say_state(&state, run->tasks[i].task);
    write_line(run, "t%d %s", i, state.data);
  }
  for (const o_op *each = run->program->declarations; each; each = each->next) {
    o_text state = {.used = 0};
    const char *name = each->words[1];
    if (final_state(run, name, &state)) write_line(run, "%s %s", name, state.data);
  }
}

/* --- a run --- */

/* What was never retrieved, or still pends, asyncio reports when its garbage is collected: left out
 * on both sides. */
static void report(sp_loop *loop, const sp_report *report, void *arg)
{
  static const char *const known[][2] = {{"shutdown", "shutdown"}, {"closing of", "generator"}};
  o_run *run = arg;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (!strstr(report->message, known[i][0])) continue;
    o_text text = {.used = 0};
    say_name(run, &text, report->future);
    say(&text, " ");
    sp_fail(report->code, "%s", report->error_message ? report->error_message : "");
    say_error(&text, report->code);
    write_line(run, "%.9g report %s %s", sp_loop_time(loop), known[i][1], text.data);
  }
}

static void phase(o_run *run, const char *what, bool complete, int result)
{
  double now = sp_loop_time(run->loop);
  if (!complete && result == SP_EDEADLOCK) write_line(run, "%.9g %s deadlock", now, what);
  if (!complete && result == SP_EINVALIDSTATE) write_line(run, "%.9g %s stopped", now, what);
}

static bool begin(o_run *run)
{
  run->loop = sp_loop_new(&(sp_loop_options){.virtual_clock = true});
  if (!run->loop) return false;
  sp_loop_set_exception_handler(run->loop, report, run);
  for (const o_op *each = run->program->declarations; each; each = each->next) declare(run, each);
  return true;
}

static void run_main(o_run *run)
{
  o_spawned *main_task = &run->tasks[0];
  main_task->run = run;
  main_task->definition = program_find(run->program, COROUTINE, "main");
  main_task->task = sp_loop_create_task(run->loop, task_body, main_task);
  int result = sp_loop_run_until_complete(run->loop, main_task->task);
  phase(run, "run", sp_future_done(main_task->task), result);
  write_line(run, "%.9g shutdown", sp_loop_time(run->loop));
  phase(run, "shutdown", false, sp_loop_shutdown(run->loop));
}

/* Who waits for the lock of a condition does so however often it is cancelled. */
static void release_locks(o_run *run)
{
  for (int i = 0; i < MANY; i++) {
    if (sp_lock_locked(&run->locks[i])) sp_lock_release(&run->locks[i]);
    if (sp_condition_locked(&run->conditions[i])) sp_condition_release(&run->conditions[i]);
  }
}

/* Tasks may refuse to end, but not for ever: while one is left its objects cannot be freed. */
static void end_what_is_left(o_run *run)
{
  for (int i = 0; i < 1000 && sp_all_tasks(run->loop, NULL, 0) > 0; i++) {
    release_locks(run);
    (void)sp_loop_shutdown(run->loop);
  }
}

static void end(o_run *run)
{
  run->over = true;
  end_what_is_left(run);
  for (int i = 0; i < MANY; i++) {
    if (run->iterations[i].open) sp_as_completed_close(&run->iterations[i].each);
  }
  for (int i = 0; i < MANY; i++) {
    if (run->tasks[i].task) sp_task_detach(run->tasks[i].task);
    sp_generator_free(run->generators[i].generator);
    sp_future_free(run->futures[i]);
  }
  sp_loop_free(run->loop);
  for (int i = 0; i < MANY; i++) sp_queue_free(run->queues[i]);
  while (run->all_scheduled) {
    o_scheduled *next = run->all_scheduled->next;
    free(run->all_scheduled);
    run->all_scheduled = next;
  }
  while (run->watchers) {
    o_watcher *next = run->watchers->next;
    free(run->watchers);
    run->watchers = next;
  }
}

static void run_program(char *text)
{
  o_program program;
  if (!program_read(&program, text)) exit(2);
  o_run run = {.program = &program};
  if (!begin(&run)) exit(3);
  run_main(&run);
  final_states(&run);
  fputs(run.trace, stdout);
  end(&run);
  free(run.trace);
  program_free(&program);
}

/* --- the batch --- */

static void run_batch(char *batch)
{
  char *rest = strstr(batch, "program ");
  while (rest) {
    char *next = strstr(rest, "\nprogram ");
    if (next) *next++ = '\0';
    char *text = rest + strcspn(rest, "\n");
    char id[64];
    snprintf(id, sizeof id, "%.*s", (int)(text - rest - 8), rest + 8);
    printf("program %s\n", id);
    fflush(stdout);
    run_program(*text ? text + 1 : text);
    printf("finished %s\n", id);
    fflush(stdout);
    rest = next;
  }
}

typedef struct o_fetching {
  const char *url;
  sp_response response;
} o_fetching;

static int fetch(void *arg)
{
  o_fetching *fetching = arg;
  return sp_fetch(fetching->url, NULL, &fetching->response);
}

int main(int argc, char **argv)
{
  o_fetching fetching = {.url = argc > 1 ? argv[1] : ""};
  int status = sp_run(fetch, &fetching);
  if (status != 200) {
    fprintf(stderr, "oracle URL: %s\n", status < 0 ? sp_error_message() : "no batch there");
    return 1;
  }
  run_batch(fetching.response.body);
  sp_response_free(&fetching.response);
  return 0;
}
