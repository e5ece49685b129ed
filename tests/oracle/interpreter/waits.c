/* Waits for several futures, or for a limited time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "operations.h"

typedef struct o_several {
  size_t count;
  sp_future *futures[MAX_WORDS];
} o_several;

/* Those of the words from `first` on that exist, and may be awaited. */
static o_several find_several(o_run *run, const o_op *self, int first, bool awaited)
{
  o_several found = {.count = 0};
  for (int i = first; i < self->word_count; i++) {
    sp_future *future = awaited ? find_awaited(run, self->words[i]) : find(run, self->words[i]);
    if (future) found.futures[found.count++] = future;
  }
  return found;
}

static void ref_tasks(const o_run *run, const o_several *several)
{
  for (size_t i = 0; i < several->count; i++) {
    for (int task = 0; task < MANY; task++) {
      if (run->tasks[task].task == several->futures[i]) sp_task_ref(several->futures[i]);
    }
  }
}

static int gather(o_frame *frame, const o_op *self, o_text *value, bool all)
{
  o_several found = find_several(frame->run, self, 1, true);
  int results[MAX_WORDS];
  ref_tasks(frame->run, &found);
  int error = all ? sp_gather_all(found.futures, found.count, results)
                  : sp_gather(found.futures, found.count, results);
  if (error < 0) return error;
  say(value, "[");
  for (size_t i = 0; i < found.count; i++) {
    if (i > 0) say(value, " ");
    say_result(value, results[i]);
  }
  say(value, "]");
  return 0;
}

int op_gather(o_frame *frame, const o_op *self, o_text *value)
{
  return gather(frame, self, value, false);
}

int op_gatherall(o_frame *frame, const o_op *self, o_text *value)
{
  return gather(frame, self, value, true);
}

static sp_wait_until wait_until(const char *word)
{
  if (strcmp(word, "FIRST_COMPLETED") == 0) return SP_FIRST_COMPLETED;
  return strcmp(word, "FIRST_EXCEPTION") == 0 ? SP_FIRST_EXCEPTION : SP_ALL_COMPLETED;
}

static void say_names(const o_run *run, o_text *value, sp_future *const *futures, size_t count)
{
  say(value, "[");
  for (size_t i = 0; i < count; i++) {
    if (i > 0) say(value, " ");
    say_name(run, value, futures[i]);
  }
  say(value, "]");
}

int op_wait(o_frame *frame, const o_op *self, o_text *value)
{
  o_several found = find_several(frame->run, self, 3, false);
  double limit = seconds(self->words[2]);
  int done = sp_wait(found.futures, found.count, limit, wait_until(self->words[1]));
  if (done < 0) return done;
  say_names(frame->run, value, found.futures, (size_t)done);
  say(value, " ");
  say_names(frame->run, value, found.futures + done, found.count - (size_t)done);
  return 0;
}

int op_waitfor(o_frame *frame, const o_op *self, o_text *value)
{
  sp_future *future = find_awaited(frame->run, self->words[1]);
  if (!future) return SKIPPED;
  if (self->words[1][0] == 't') sp_task_ref(future);
  int result = sp_wait_for(future, seconds(self->words[2]));
  if (result >= 0) say(value, "%d", result);
  return result;
}

int op_shield(o_frame *frame, const o_op *self, o_text *value)
{
  sp_future *future = find_awaited(frame->run, self->words[1]);
  if (!future) return SKIPPED;
  int result = sp_shield(future);
  if (result >= 0) say(value, "%d", result);
  return result;
}

/* Each iteration has its line, and the rest is a block. */
int op_each(o_frame *frame, const o_op *self, o_text *value)
{
  o_several found = find_several(frame->run, self, 2, true);
  sp_as_completed each;
  int result = sp_as_completed_open(&each, found.futures, found.count, seconds(self->words[1]));
  if (result < 0) return result;
  sp_future *done;
  while ((result = sp_as_completed_next(&each, &done)) > 0) {
    o_text name = {.used = 0};
    say_name(frame->run, &name, done);
    event(frame->run, self->line, "in %s", name.data);
    result = run_body(frame, self->body);
    if (result != 0) break;
  }
  sp_as_completed_close(&each);
  say(value, "out");
  return result;
}

/* --- the same in its parts, for several tasks --- */

static o_iteration *iteration_of(o_frame *frame, const o_op *self)
{
  return &frame->run->iterations[number_of(self->words[1])];
}

int op_iterate(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  o_iteration *made = iteration_of(frame, self);
  if (made->open) return SKIPPED;
  o_several found = find_several(frame->run, self, 3, false);
  double limit = seconds(self->words[2]);
  int error = sp_as_completed_open(&made->each, found.futures, found.count, limit);
  made->open = error == 0;
  return error;
}

int op_advance(o_frame *frame, const o_op *self, o_text *value)
{
  o_iteration *found = iteration_of(frame, self);
  if (!found->open) return SKIPPED;
  sp_future *done;
  found->asking++;
  int more = sp_as_completed_next(&found->each, &done);
  found->asking--;
  if (more > 0) say_name(frame->run, value, done);
  if (more == 0) say(value, "ended");
  return more < 0 ? more : 0;
}

int op_leave(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  o_iteration *found = iteration_of(frame, self);
  if (!found->open || found->asking > 0) return SKIPPED;
  found->open = false;
  sp_as_completed_close(&found->each);
  return 0;
}

/* --- timeouts that are open --- */

int op_reschedule(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  sp_timeout *limit = frame->run->limits[number_of(self->words[1])];
  if (!limit) return SKIPPED;
  return sp_timeout_reschedule(limit, sp_loop_time(frame->run->loop) + seconds(self->words[2]));
}

int op_limit(o_frame *frame, const o_op *self, o_text *value)
{
  const sp_timeout *limit = frame->run->limits[number_of(self->words[1])];
  if (!limit) return SKIPPED;
  say(value, "%.9g %d", sp_timeout_when(limit), sp_timeout_expired(limit));
  return 0;
}
