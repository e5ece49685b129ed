/* Generators. */
#include <stdio.h>
#include <stdlib.h>

#include "operations.h"

static int numbers[100];

static void say_value(o_text *value, int more, const void *yielded)
{
  if (more > 0) {
    say(value, "[%d]", (int)((const int *)yielded - numbers));
  } else {
    say(value, "ended");
  }
}

static int produce(sp_generator *self, void *arg)
{
  const o_produced *produced = arg;
  o_frame frame = {.run = produced->run, .self = self};
  int result = run_body(&frame, produced->definition->body);
  return result == RETURNED ? 0 : result;
}

static o_produced *generator_of(o_frame *frame, const o_op *self)
{
  return &frame->run->generators[number_of(self->words[1])];
}

int op_open(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  o_produced *made = generator_of(frame, self);
  if (made->generator) return SKIPPED;
  made->run = frame->run;
  made->definition = program_find(frame->run->program, PRODUCER, self->words[2]);
  made->generator = sp_generator_new(produce, made);
  return made->generator ? 0 : SP_ENOMEM;
}

int op_next(o_frame *frame, const o_op *self, o_text *value)
{
  o_produced *found = generator_of(frame, self);
  if (!found->generator) return SKIPPED;
  void *yielded;
  found->asking++;
  int more = sp_generator_next(found->generator, &yielded);
  found->asking--;
  if (more >= 0) say_value(value, more, yielded);
  return more;
}

int op_throw(o_frame *frame, const o_op *self, o_text *value)
{
  o_produced *found = generator_of(frame, self);
  if (!found->generator) return SKIPPED;
  void *yielded;
  found->asking++;
  int more = sp_generator_throw(found->generator, error_code(self->words[2]),
                                message(self->words[3]), &yielded);
  found->asking--;
  if (more >= 0) say_value(value, more, yielded);
  return more;
}

int op_close(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  o_produced *found = generator_of(frame, self);
  if (!found->generator) return SKIPPED;
  found->asking++;
  int error = sp_generator_close(found->generator);
  found->asking--;
  return error;
}

int op_free(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  o_produced *found = generator_of(frame, self);
  if (!found->generator || found->asking > 0) return SKIPPED;
  sp_generator *generator = found->generator;
  found->generator = NULL;
  sp_generator_free(generator);
  return 0;
}

int op_yield(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  return sp_yield(frame->self, &numbers[atoi(self->words[1])]);
}
