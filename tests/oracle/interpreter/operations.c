/* Operations by their names, and how a body of them runs. */
#include "operations.h"

#include <stdio.h>
#include <string.h>

static const struct {
  const char *name;
  operation *run;
} table[] = {
#define OPERATION(name) {#name, op_##name},
#include "operations.def"
#undef OPERATION
};

static const char *const with_bodies[] = {"loop", "with", "group", "timeout", "timeoutat", "each"};

operation *operation_find(const char *name)
{
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    if (strcmp(table[i].name, name) == 0) return table[i].run;
  }
  return NULL;
}

bool operation_has_body(const char *name)
{
  for (size_t i = 0; i < sizeof with_bodies / sizeof *with_bodies; i++) {
    if (strcmp(with_bodies[i], name) == 0) return true;
  }
  return false;
}

/* A try and what returns have no line of their own when they come to their end. */
static bool is_silent(const o_op *op) { return op->run == op_try || op->run == op_reraise; }

static int run_op(o_frame *frame, const o_op *op)
{
  o_text value = {.used = 0};
  int result = op->run(frame, op, &value);
  if (is_silent(op) || result == RETURNED) return result;
  if (result == SKIPPED) {
    event(frame->run, op->line, "skip");
  } else if (result < 0) {
    o_text error = {.used = 0};
    say_error(&error, result);
    event(frame->run, op->line, "! %s", error.data);
    if (!op->swallow) return result;
  } else {
    event(frame->run, op->line, "%s", value.data);
  }
  return 0;
}

int run_body(o_frame *frame, const o_op *first)
{
  for (const o_op *each = first; each; each = each->next) {
    int result = run_op(frame, each);
    if (result != 0) return result;
  }
  return 0;
}

int run_coroutine(o_run *run, const o_definition *definition)
{
  o_frame frame = {.run = run};
  int result = run_body(&frame, definition->body);
  return result == RETURNED ? frame.result : result;
}
