/* Behaviours: short functions that each state one thing that spindle does, as CPython's own tests
 * state it of asyncio; tests/conformance.md says which belongs to which.
 *
 *   BEHAVIOUR(free_lock_cannot_be_released, "a lock that is not taken cannot be released")
 *   {
 *     sp_lock lock = {0};
 *     CHECK_EQ(sp_lock_release(&lock), SP_EINVALIDSTATE);
 *   }
 *
 * A scenario of them, tests/scenarios/behaviours_SUBJECT.c, includes this header and has no main.
 * They run in the order in which they stand, each as the main task of a loop of its own, whose clock
 * is virtual: it begins at 0, a sleep takes no real time, and the times are exact. Each prints
 * "ok NAME", or what is wrong and "FAILED NAME". A behaviour fails, too, when it leaves a task
 * pending, a word of the trace or a report that it did not speak of. `behaviours_SUBJECT only=NAME`
 * runs one. What is declared here is for the loop's thread. */
#ifndef BEHAVIOURS_H
#define BEHAVIOURS_H

#include <math.h>
#include <stdint.h>

#include "spindle.h"

typedef struct behaviour {
  const char *name;
  const char *says;
  void (*run)(void);
  bool outside; /* of a loop */
  struct behaviour *next;
} behaviour;

void behaviour_add(behaviour *added);

/* A behaviour; the function's body follows. */
#define BEHAVIOUR(name, says) BEHAVIOUR_ADDED(name, says, false)

/* One that runs in main, outside of any loop: for loops themselves, and for real time. */
#define BEHAVIOUR_OUTSIDE(name, says) BEHAVIOUR_ADDED(name, says, true)

#define BEHAVIOUR_ADDED(name, says, outside)                                 \
  static void behaviour_##name(void);                                        \
  __attribute__((constructor)) static void add_##name(void)                  \
  {                                                                          \
    static behaviour added = {#name, says, behaviour_##name, outside, NULL}; \
    behaviour_add(&added);                                                   \
  }                                                                          \
  static void behaviour_##name(void)

/* --- checks: each returns whether all is well; a behaviour goes on after one that is not --- */

#define CHECK(condition) check_that((condition), #condition, SP_HERE)

/* Integers, results and error codes. */
#define CHECK_EQ(got, wanted) check_equal((got), (wanted), #got, SP_HERE)

/* An error and the message that came with it. */
#define CHECK_ERROR(got, code, message) check_error((got), (code), (message), #got, SP_HERE)

#define CHECK_STR(got, wanted) check_text((got), (wanted), #got, SP_HERE)

/* Seconds; equal within a microsecond. */
#define CHECK_TIME(got, wanted) check_time((got), (wanted), #got, SP_HERE)

bool check_that(bool condition, const char *what, const char *where);
bool check_equal(intmax_t got, intmax_t wanted, const char *what, const char *where);
bool check_error(int got, int code, const char *message, const char *what, const char *where);
bool check_text(const char *got, const char *wanted, const char *what, const char *where);
bool check_time(double got, double wanted, const char *what, const char *where);

/* --- the trace: what happened, in order --- */

/* Adds a word. */
void note(const char *format, ...) SP__PRINTF(1, 2);

/* Compares the words since the last SAW, with one space between them. */
#define SAW(wanted) saw((wanted), SP_HERE)
bool saw(const char *wanted, const char *where);

/* --- the loop --- */

/* Suspends for so many iterations of the loop. */
void iterate(int iterations);

/* A loop as each behaviour has one, for those outside. To be freed with sp_loop_free. */
sp_loop *new_loop(void);

/* The time of the running loop. */
double loop_time(void);

/* The behaviour ends with so many tasks pending beside its own. */
void leaves_tasks(size_t count);

/* What sp_repr writes. Valid until the next call. */
const char *repr_of(const sp_future *future);

/* --- tasks that many behaviours need; the handles are the caller's --- */

/* It ends in its first step, with a result or an error that has no message. */
sp_task *task_returning(int result);

/* It ends in its first step with this error. `message` is borrowed. */
sp_task *task_failing(int code, const char *message);

/* It sleeps, then ends with a result or an error; SP_ECANCELED when it is cancelled. */
sp_task *task_sleeping(double seconds, int result);

/* It waits until it is cancelled. */
sp_task *task_waiting(void);

/* --- reports: what goes to the loop's exception handler is kept --- */

typedef struct kept_report {
  char message[128];
  int code;
  char error_message[128]; /* "" for none */
  char repr[256];          /* of the future; "" for none */
  char created[128];       /* where it was, in debug mode; else "" */
} kept_report;

/* Takes the oldest report that was not taken, and checks its message. Never NULL; valid until the
 * behaviour ends. */
#define REPORTED(message) reported((message), SP_HERE)
const kept_report *reported(const char *message, const char *where);

/* How many were not taken yet. */
size_t reports_left(void);

/* The handler that keeps them, for a loop that was not made with new_loop. */
sp_exception_handler keep_report;

#endif
