/* Tasks and futures. The program keeps one handle of each task until it is over, so what releases a
 * handle is given one more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "operations.h"

int task_body(void *arg)
{
  o_spawned *spawned = arg;
  spawned->task = sp_task_current(); /* an eager task runs before its handle is returned */
  event(spawned->run, 0, "begin");
  int result = run_coroutine(spawned->run, spawned->definition);
  o_text outcome = {.used = 0};
  if (result < 0) {
    say(&outcome, "! ");
    say_error(&outcome, result);
  } else {
    say(&outcome, "%d", result);
  }
  event(spawned->run, 0, "end %s", outcome.data);
  return result;
}

/* "eager", "name=NAME", "in=GROUP". The task of a group waits for those in it, so that they have
 * greater numbers. */
static int read_options(o_run *run, const o_op *self, sp_task_options *options,
                        sp_task_group **group)
{
  for (int i = 3; i < self->word_count; i++) {
    const char *word = self->words[i];
    if (strcmp(word, "eager") == 0) options->eager_start = true;
    if (strncmp(word, "name=", 5) == 0) options->name = word + 5;
    if (strncmp(word, "in=", 3) == 0) {
      int number = number_of(word + 3);
      *group = run->groups[number];
      if (!*group || number_of(self->words[1]) <= run->group_owners[number]) return SKIPPED;
    }
  }
  return 0;
}

int op_spawn(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  o_run *run = frame->run;
  o_spawned *spawned = &run->tasks[number_of(self->words[1])];
  sp_task_options options = {.name = NULL};
  sp_task_group *group = NULL;
  if (spawned->task || read_options(run, self, &options, &group) < 0) return SKIPPED;
  spawned->run = run;
  spawned->definition = program_find(run->program, COROUTINE, self->words[2]);
  sp_task *task =
      group ? sp_task_group_create_task_from(group, task_body, spawned, &options, "body", SP_HERE)
            : sp_create_task_with(task_body, spawned, &options);
  if (!task) return SP_EINVALIDSTATE;
  spawned->task = task;
  return 0;
}

/* "Task-N" is one of the unnamed tasks of the loop. */
int op_name(o_frame *frame, const o_op *self, o_text *value)
{
  sp_task *task = find(frame->run, self->words[1]);
  if (!task) return SKIPPED;
  say(value, "%s", sp_task_name(task));
  return 0;
}

int op_rename(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  sp_task *task = find(frame->run, self->words[1]);
  return task ? sp_task_set_name(task, self->words[2]) : SKIPPED;
}

int op_cancel(o_frame *frame, const o_op *self, o_text *value)
{
  sp_future *future = find(frame->run, self->words[1]);
  if (!future) return SKIPPED;
  const char *why = self->word_count > 2 ? message(self->words[2]) : NULL;
  say(value, "%d", sp_future_cancel(future, why));
  return 0;
}

int op_uncancel(o_frame *frame, const o_op *self, o_text *value)
{
  sp_task *task = find(frame->run, self->words[1]);
  if (!task) return SKIPPED;
  say(value, "%d", sp_task_uncancel(task));
  return 0;
}

int op_cancelling(o_frame *frame, const o_op *self, o_text *value)
{
  sp_task *task = find(frame->run, self->words[1]);
  if (!task) return SKIPPED;
  say(value, "%d", sp_task_cancelling(task));
  return 0;
}

int op_await(o_frame *frame, const o_op *self, o_text *value)
{
  sp_future *future = find_awaited(frame->run, self->words[1]);
  if (!future) return SKIPPED;
  int result = sp_await(self->words[1][0] == 't' ? sp_task_ref(future) : future);
  if (result >= 0) say(value, "%d", result);
  return result;
}

int op_done(o_frame *frame, const o_op *self, o_text *value)
{
  const sp_future *future = find(frame->run, self->words[1]);
  if (!future) return SKIPPED;
  say(value, "%d", sp_future_done(future));
  return 0;
}

int op_cancelled(o_frame *frame, const o_op *self, o_text *value)
{
  const sp_future *future = find(frame->run, self->words[1]);
  if (!future) return SKIPPED;
  say(value, "%d", sp_future_cancelled(future));
  return 0;
}

int op_result(o_frame *frame, const o_op *self, o_text *value)
{
  sp_future *future = find(frame->run, self->words[1]);
  if (!future) return SKIPPED;
  int result = sp_future_result(future);
  if (result >= 0) say(value, "%d", result);
  return result;
}

int op_error(o_frame *frame, const o_op *self, o_text *value)
{
  sp_future *future = find(frame->run, self->words[1]);
  if (!future) return SKIPPED;
  int error = sp_future_error(future);
  if (error < 0) {
    say_error(value, error);
  } else {
    say(value, "0");
  }
  return 0;
}

int op_set(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  return sp_future_set_result(find(frame->run, self->words[1]), atoi(self->words[2]));
}

int op_fail(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  sp_future *future = find(frame->run, self->words[1]);
  return sp_future_set_error(future, error_code(self->words[2]), message(self->words[3]));
}

int op_sleep(o_frame *frame, const o_op *self, o_text *value)
{
  (void)frame, (void)value;
  return sp_sleep(seconds(self->words[1]));
}

int op_current(o_frame *frame, const o_op *self, o_text *value)
{
  (void)self;
  const sp_task *task = sp_task_current();
  if (task) {
    say_name(frame->run, value, task);
  } else {
    say(value, "-");
  }
  return 0;
}

int op_all(o_frame *frame, const o_op *self, o_text *value)
{
  (void)self;
  sp_task *tasks[2 * MANY];
  size_t count = sp_all_tasks(frame->run->loop, tasks, 2 * MANY);
  say(value, "[");
  for (size_t i = 0; i < count && i < 2 * MANY; i++) {
    if (i > 0) say(value, " ");
    say_name(frame->run, value, tasks[i]);
  }
  say(value, "]");
  return 0;
}
