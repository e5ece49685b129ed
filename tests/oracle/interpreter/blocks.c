/* Operations with a body: what begins and ends around it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "operations.h"

int op_loop(o_frame *frame, const o_op *self, o_text *value)
{
  for (int i = atoi(self->words[1]); i > 0; i--) {
    event(frame->run, self->line, "in");
    int result = run_body(frame, self->body);
    if (result != 0) return result;
  }
  say(value, "out");
  return 0;
}

int op_with(o_frame *frame, const o_op *self, o_text *value)
{
  int result = acquire(frame->run, self->words[1]);
  if (result < 0) return result;
  event(frame->run, self->line, "in");
  result = run_body(frame, self->body);
  int error = release(frame->run, self->words[1]);
  say(value, "out");
  return error < 0 ? error : result;
}

int op_group(o_frame *frame, const o_op *self, o_text *value)
{
  int number = number_of(self->words[1]);
  sp_task_group **named = &frame->run->groups[number];
  sp_task_group group;
  int result = sp_task_group_open(&group);
  if (result < 0) return result;
  *named = &group;
  frame->run->group_owners[number] = own_number(frame->run);
  event(frame->run, self->line, "in");
  result = sp_task_group_close(&group, run_body(frame, self->body));
  if (*named == &group) *named = NULL;
  say(value, "out");
  return result;
}

static int limited(o_frame *frame, const o_op *self, o_text *value, sp_timeout *limit)
{
  sp_timeout **named = &frame->run->limits[number_of(self->words[1])];
  *named = limit;
  event(frame->run, self->line, "in");
  int result = sp_timeout_close(limit, run_body(frame, self->body));
  if (*named == limit) *named = NULL;
  event(frame->run, self->line, "expired %d", sp_timeout_expired(limit));
  say(value, "out");
  return result;
}

int op_timeout(o_frame *frame, const o_op *self, o_text *value)
{
  sp_timeout limit;
  int error = sp_timeout_open(&limit, seconds(self->words[2]));
  return error < 0 ? error : limited(frame, self, value, &limit);
}

int op_timeoutat(o_frame *frame, const o_op *self, o_text *value)
{
  sp_timeout limit;
  int error = sp_timeout_open_at(&limit, seconds(self->words[2]));
  return error < 0 ? error : limited(frame, self, value, &limit);
}

static void catch_error(o_caught *caught, int code)
{
  caught->code = code;
  snprintf(caught->message, sizeof caught->message, "%s", sp_error_message());
}

static int handle(o_frame *frame, const o_op *self, int error)
{
  o_text text = {.used = 0};
  say_error(&text, error);
  struct o_caught caught, *outer = frame->caught;
  catch_error(&caught, error);
  event(frame->run, self->handler_line, "caught %s", text.data);
  frame->caught = &caught;
  int result = run_body(frame, self->handler);
  frame->caught = outer;
  return result;
}

int op_try(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  int result = run_body(frame, self->body);
  if (result < 0 && self->handler_kind && error_is(result, self->handler_kind)) {
    result = handle(frame, self, result);
  }
  if (!self->clean_up) return result;
  o_caught passing;
  catch_error(&passing, result);
  int error = run_body(frame, self->clean_up);
  if (error != 0) return error;
  return result < 0 ? sp_fail(result, "%s", passing.message) : result;
}
