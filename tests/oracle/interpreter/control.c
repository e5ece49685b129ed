/* Calls, errors, callbacks, counters, task-locals. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "operations.h"

int op_call(o_frame *frame, const o_op *self, o_text *value)
{
  const o_definition *called = program_find(frame->run->program, COROUTINE, self->words[1]);
  int result = run_coroutine(frame->run, called);
  if (result >= 0) say(value, "%d", result);
  return result;
}

int op_return(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  event(frame->run, self->line, "%s", "");
  frame->result = self->word_count > 1 ? atoi(self->words[1]) : 0;
  return RETURNED;
}

int op_raise(o_frame *frame, const o_op *self, o_text *value)
{
  (void)frame, (void)value;
  int code = error_code(self->words[1]);
  const char *why = message(self->words[2]);
  return sp_fail(code, "%s", why ? why : sp_strerror(code));
}

int op_reraise(o_frame *frame, const o_op *self, o_text *value)
{
  (void)self, (void)value;
  return sp_fail(frame->caught->code, "%s", frame->caught->message);
}

int op_stop(o_frame *frame, const o_op *self, o_text *value)
{
  (void)self, (void)value;
  sp_loop_stop(frame->run->loop);
  return 0;
}

/* --- callbacks --- */

static void run_callback(o_run *run, const o_definition *definition)
{
  o_frame frame = {.run = run};
  run_body(&frame, definition->body);
}

static void run_scheduled(void *arg)
{
  o_scheduled *scheduled = arg;
  scheduled->done = true;
  event(scheduled->run, scheduled->definition->line, "run");
  run_callback(scheduled->run, scheduled->definition);
}

static o_scheduled *new_scheduled(o_run *run, const o_op *self)
{
  o_scheduled *made = calloc(1, sizeof *made);
  if (!made) abort();
  const char *name = self->words[self->word_count - 1];
  made->run = run;
  made->definition = program_find(run->program, CALLBACK, name);
  made->next = run->all_scheduled;
  return run->handles[number_of(self->words[1])] = run->all_scheduled = made;
}

int op_soon(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  o_scheduled *made = new_scheduled(frame->run, self);
  made->handle = sp_loop_call_soon(frame->run->loop, run_scheduled, made);
  return made->handle.call ? 0 : SP_ENOMEM;
}

int op_later(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  o_scheduled *made = new_scheduled(frame->run, self);
  made->timed = true;
  made->handle = sp_loop_call_later(frame->run->loop, seconds(self->words[2]), run_scheduled, made);
  return made->handle.call ? 0 : SP_ENOMEM;
}

int op_at(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  o_scheduled *made = new_scheduled(frame->run, self);
  made->timed = true;
  made->handle = sp_loop_call_at(frame->run->loop, seconds(self->words[2]), run_scheduled, made);
  return made->handle.call ? 0 : SP_ENOMEM;
}

int op_drop(o_frame *frame, const o_op *self, o_text *value)
{
  o_scheduled *found = frame->run->handles[number_of(self->words[1])];
  if (!found || found->done) return SKIPPED;
  found->done = true;
  sp_handle_cancel(found->handle);
  say(value, "%d", sp_handle_cancelled(found->handle));
  return 0;
}

int op_when(o_frame *frame, const o_op *self, o_text *value)
{
  const o_scheduled *found = frame->run->handles[number_of(self->words[1])];
  if (!found || found->done) return SKIPPED;
  if (found->timed) {
    say(value, "%.9g", sp_handle_when(found->handle));
  } else {
    say(value, "soon");
  }
  return 0;
}

static void run_watcher(sp_future *future, void *arg)
{
  (void)future;
  const o_watcher *watcher = arg;
  event(watcher->run, watcher->definition->line, "run %s", watcher->name);
  run_callback(watcher->run, watcher->definition);
}

static o_watcher *watcher_of(o_run *run, const o_op *self)
{
  const o_definition *definition = program_find(run->program, CALLBACK, self->words[2]);
  for (o_watcher *each = run->watchers; each; each = each->next) {
    if (each->definition == definition && strcmp(each->name, self->words[1]) == 0) return each;
  }
  o_watcher *made = malloc(sizeof *made);
  if (!made) abort();
  *made = (o_watcher){run, definition, self->words[1], run->watchers};
  return run->watchers = made;
}

int op_watch(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  sp_future *future = find(frame->run, self->words[1]);
  if (!future) return SKIPPED;
  return sp_future_add_done_callback(future, run_watcher, watcher_of(frame->run, self));
}

int op_unwatch(o_frame *frame, const o_op *self, o_text *value)
{
  sp_future *future = find(frame->run, self->words[1]);
  if (!future) return SKIPPED;
  o_watcher *watcher = watcher_of(frame->run, self);
  say(value, "%d", sp_future_remove_done_callback(future, run_watcher, watcher));
  return 0;
}

/* --- values --- */

int op_add(o_frame *frame, const o_op *self, o_text *value)
{
  int *counter = &frame->run->counters[number_of(self->words[1])];
  *counter += atoi(self->words[2]);
  say(value, "%d", *counter);
  return 0;
}

int op_setlocal(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  const sp_local *local = &frame->run->locals[number_of(self->words[1])];
  return sp_local_set(local, (void *)(intptr_t)atoi(self->words[2]));
}

int op_getlocal(o_frame *frame, const o_op *self, o_text *value)
{
  const sp_local *local = &frame->run->locals[number_of(self->words[1])];
  say(value, "%d", (int)(intptr_t)sp_local_get(local));
  return 0;
}
