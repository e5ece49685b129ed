/* Runs the behaviours of a scenario, one after the other. */
#include "behaviours.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRACE_ROOM = 4096, PLANS = 256, REPORTS = 32 };

static behaviour *first_behaviour, **end_of_behaviours = &first_behaviour;

void behaviour_add(behaviour *added)
{
  *end_of_behaviours = added;
  end_of_behaviours = &added->next;
}

/* --- what one behaviour has done so far --- */

typedef struct plan {
  double seconds;
  int result;
  const char *message;
} plan;

static struct {
  bool failed;
  char trace[TRACE_ROOM];
  size_t trace_size;
  plan plans[PLANS];
  size_t planned;
  size_t tasks_to_leave;
  kept_report reports[REPORTS];
  size_t reports_kept, reports_taken;
} now;

static bool fail(const char *where, const char *format, ...) SP__PRINTF(2, 3);
static bool fail(const char *where, const char *format, ...)
{
  va_list words;
  va_start(words, format);
  printf("%s: ", where);
  vprintf(format, words);
  printf("\n");
  va_end(words);
  now.failed = true;
  return false;
}

/* --- checks --- */

static bool is_error(intmax_t value)
{
  return value < 0 && value > SP_EUSER && strcmp(sp_error_name((int)value), "error") != 0;
}

static const char *number(intmax_t value, char text[64])
{
  const char *name = is_error(value) ? sp_error_name((int)value) : "";
  snprintf(text, 64, "%jd%s%s", value, name[0] ? " " : "", name);
  return text;
}

bool check_that(bool condition, const char *what, const char *where)
{
  return condition || fail(where, "not so: %s", what);
}

bool check_equal(intmax_t got, intmax_t wanted, const char *what, const char *where)
{
  char is[64], should_be[64];
  if (got == wanted) return true;
  return fail(where, "%s is %s, not %s", what, number(got, is), number(wanted, should_be));
}

bool check_error(int got, int code, const char *message, const char *what, const char *where)
{
  if (!check_equal(got, code, what, where)) return false;
  const char *came = sp_error_message();
  return strcmp(came, message) == 0 || fail(where, "%s says '%s', not '%s'", what, came, message);
}

bool check_text(const char *got, const char *wanted, const char *what, const char *where)
{
  if (got && strcmp(got, wanted) == 0) return true;
  return fail(where, "%s is '%s', not '%s'", what, got ? got : "(NULL)", wanted);
}

bool check_time(double got, double wanted, const char *what, const char *where)
{
  if (got == wanted || fabs(got - wanted) < 1e-6) return true;
  return fail(where, "%s is %.9g s, not %.9g s", what, got, wanted);
}

/* --- the trace --- */

void note(const char *format, ...)
{
  va_list words;
  va_start(words, format);
  if (now.trace_size > 0 && now.trace_size < TRACE_ROOM - 1) now.trace[now.trace_size++] = ' ';
  size_t room = TRACE_ROOM - now.trace_size;
  size_t size = (size_t)vsnprintf(now.trace + now.trace_size, room, format, words);
  now.trace_size += size < room ? size : room - 1;
  va_end(words);
}

bool saw(const char *wanted, const char *where)
{
  now.trace[now.trace_size] = '\0';
  now.trace_size = 0;
  return strcmp(now.trace, wanted) == 0 || fail(where, "saw '%s', not '%s'", now.trace, wanted);
}

/* --- the loop --- */

void iterate(int iterations)
{
  for (int i = 0; i < iterations; i++) CHECK_EQ(sp_sleep(0), 0);
}

sp_loop *new_loop(void)
{
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.virtual_clock = true});
  if (!loop) abort();
  sp_loop_set_exception_handler(loop, keep_report, NULL);
  return loop;
}

double loop_time(void) { return sp_loop_time(sp_loop_running()); }

void leaves_tasks(size_t count) { now.tasks_to_leave = count; }

const char *repr_of(const sp_future *future)
{
  static char text[512];
  sp_repr(future, text, sizeof text);
  return text;
}

/* --- tasks --- */

static plan *new_plan(double seconds, int result, const char *message)
{
  if (now.planned == PLANS) abort();
  plan *made = &now.plans[now.planned++];
  *made = (plan){seconds, result, message};
  return made;
}

static int follow(void *arg)
{
  const plan *planned = arg;
  int error = planned->seconds > 0 ? sp_sleep(planned->seconds) : 0;
  if (error < 0) return error;
  return planned->message ? sp_fail(planned->result, "%s", planned->message) : planned->result;
}

sp_task *task_returning(int result) { return sp_create_task(follow, new_plan(0, result, NULL)); }

sp_task *task_failing(int code, const char *message)
{
  return sp_create_task(follow, new_plan(0, code, message));
}

sp_task *task_sleeping(double seconds, int result)
{
  return sp_create_task(follow, new_plan(seconds, result, NULL));
}

sp_task *task_waiting(void) { return task_sleeping(INFINITY, 0); }

/* --- reports --- */

static void keep_text(char *text, size_t size, const char *from)
{
  snprintf(text, size, "%s", from ? from : "");
}

void keep_report(sp_loop *loop, const sp_report *report, void *arg)
{
  (void)loop;
  (void)arg;
  if (now.reports_kept == REPORTS) abort();
  kept_report *kept = &now.reports[now.reports_kept++];
  keep_text(kept->message, sizeof kept->message, report->message);
  kept->code = report->code;
  keep_text(kept->error_message, sizeof kept->error_message, report->error_message);
  keep_text(kept->created, sizeof kept->created, report->created);
  if (report->future) sp_repr(report->future, kept->repr, sizeof kept->repr);
}

size_t reports_left(void) { return now.reports_kept - now.reports_taken; }

const kept_report *reported(const char *message, const char *where)
{
  static const kept_report none;
  if (reports_left() == 0) {
    fail(where, "nothing was reported, but should be: %s", message);
    return &none;
  }
  const kept_report *kept = &now.reports[now.reports_taken++];
  check_text(kept->message, message, "the report", where);
  return kept;
}

/* --- running them --- */

static size_t other_tasks(void) { return sp_all_tasks(sp_loop_running(), NULL, 0) - 1; }

static int run_inside(void *arg)
{
  const behaviour *one = arg;
  one->run();
  check_equal((intmax_t)other_tasks(), (intmax_t)now.tasks_to_leave, "tasks left pending",
              one->name);
  return 0;
}

static void run_on_a_fresh_loop(const behaviour *one)
{
  sp_loop *loop = new_loop();
  int result = sp_loop_run(loop, run_inside, (void *)(uintptr_t)one);
  check_equal(result, 0, "the run", one->name);
  check_equal(sp_loop_free(loop), 0, "freeing the loop", one->name);
}

static bool behaves(const behaviour *one)
{
  memset(&now, 0, sizeof now);
  if (one->outside) {
    one->run();
  } else {
    run_on_a_fresh_loop(one);
  }
  if (now.trace_size > 0) saw("", one->name);
  while (reports_left() > 0) {
    const kept_report *kept = &now.reports[now.reports_taken++];
    fail(one->name, "reported: %s %s", kept->message, kept->repr);
  }
  return !now.failed;
}

int main(int count, char **words)
{
  const char *only = NULL;
  for (int i = 1; i < count; i++) {
    if (strncmp(words[i], "only=", 5) == 0) only = words[i] + 5;
  }
  int failed = 0;
  for (const behaviour *one = first_behaviour; one; one = one->next) {
    if (only && strcmp(only, one->name) != 0) continue;
    if (behaves(one)) {
      printf("ok %s\n", one->name);
    } else {
      printf("FAILED %s: %s\n", one->name, one->says);
      failed++;
    }
    fflush(stdout); /* what stood before a behaviour that ends the program is told */
  }
  return failed > 0;
}
