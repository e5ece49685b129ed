/* One run of one program: its objects, its tasks, and its trace. */
#ifndef ORACLE_RUN_H
#define ORACLE_RUN_H

#include "program.h"
#include "spindle.h"

enum { MANY = 40 }; /* objects of a kind: their names are a letter and a number below it */

/* What an operation returns besides an error. */
enum { SKIPPED = -1000000, RETURNED = 1000000 };

/* Text that grows at its end; what does not fit is left out. */
typedef struct o_text {
  size_t used;
  char data[480];
} o_text;

void say(o_text *text, const char *format, ...) SP__PRINTF(2, 3);

typedef struct o_run o_run;

/* A task of the program, found by its number. */
typedef struct o_spawned {
  o_run *run;
  const o_definition *definition;
  sp_task *task; /* NULL: not there yet */
  int number;
} o_spawned;

/* A call that was scheduled; `done` when it has run or was taken back. */
typedef struct o_scheduled {
  o_run *run;
  const o_definition *definition;
  sp_handle handle;
  bool timed;
  bool done;
  struct o_scheduled *next;
} o_scheduled;

/* A callback that watches a future: one for each pair, so that it can be removed. */
typedef struct o_watcher {
  o_run *run;
  const o_definition *definition;
  const char *name;
  struct o_watcher *next;
} o_watcher;

typedef struct o_produced {
  o_run *run;
  const o_definition *definition;
  sp_generator *generator;
  int asking; /* how many calls are under way */
} o_produced;

/* An iteration of as_completed that is not a block. */
typedef struct o_iteration {
  sp_as_completed each;
  bool open;
  int asking; /* how many calls are under way */
} o_iteration;

struct o_run {
  const o_program *program;
  sp_loop *loop;
  char *trace; /* grows */
  size_t used, room;
  bool over;
  o_spawned tasks[MANY];
  o_scheduled *handles[MANY], *all_scheduled;
  o_watcher *watchers;
  sp_timeout *limits[MANY];
  sp_task_group *groups[MANY];
  int group_owners[MANY]; /* their tasks */
  o_produced generators[MANY];
  o_iteration iterations[MANY];
  sp_future *futures[MANY];
  sp_lock locks[MANY];
  sp_event events[MANY];
  sp_condition conditions[MANY];
  sp_semaphore semaphores[MANY];
  sp_barrier barriers[MANY];
  sp_queue *queues[MANY];
  sp_local locals[MANY];
  int counters[MANY];
};

/* An error that was caught: what it takes to raise it again. */
typedef struct o_caught {
  int code;
  char message[64];
} o_caught;

/* A coroutine, callback or producer that runs. */
typedef struct o_frame {
  o_run *run;
  sp_generator *self; /* of a producer */
  o_caught *caught;   /* in a handler */
  int result;         /* of a return */
} o_frame;

/* Runs ops one after the other: 0, RETURNED, or an error. */
int run_body(o_frame *frame, const o_op *first);

/* Runs a coroutine to its end: its result or error. */
int run_coroutine(o_run *run, const o_definition *definition);

/* --- the trace --- */

/* "TIME WHO LINE " and the text. */
void event(o_run *run, int line, const char *format, ...) SP__PRINTF(3, 4);

/* A line as it is. */
void write_line(o_run *run, const char *format, ...) SP__PRINTF(2, 3);

/* Who runs: "t3", "-" for a task that the program does not name, "cb" outside tasks. */
void say_who(const o_run *run, o_text *text);
void say_code(o_text *text, int code);
void say_result(o_text *text, int result);

/* The error that was the last to be returned, with its message and what is in it. */
void say_error(o_text *text, int code);
void say_state(o_text *text, sp_future *future);

/* --- objects by their names --- */

int number_of(const char *name);
int own_number(const o_run *run);

/* "t3" or "f0"; NULL when there is none. */
sp_future *find(o_run *run, const char *name);
void say_name(const o_run *run, o_text *text, const sp_future *future);

/* NULL also for a task that the running one may not await: only those with greater numbers, so that
 * there are no circles. */
sp_future *find_awaited(o_run *run, const char *name);

/* Seconds; INFINITY for "inf". A message; NULL for "-". */
double seconds(const char *word);
const char *message(const char *word);

/* The code of a word: a user's number, "cancelled", "timedout". */
int error_code(const char *word);
bool error_is(int code, const char *kind);

#endif
