/* A program of the oracle's language, read into a tree: README.md in the folder above says what the
 * words mean. */
#ifndef ORACLE_PROGRAM_H
#define ORACLE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

enum { MAX_WORDS = 16, MAX_DEFINITIONS = 64 };

struct o_frame;
struct o_text;
typedef struct o_op o_op;

/* Does what an op says: < 0 is its error, SKIPPED or RETURNED see run.h. What it writes to `value`
 * follows in the trace. */
typedef int operation(struct o_frame *frame, const o_op *self, struct o_text *value);

struct o_op {
  int line;
  bool swallow; /* an error does not go on */
  operation *run;
  int word_count; /* words[0] is the op's own name */
  char *words[MAX_WORDS];
  o_op *body;
  o_op *handler; /* of a try; its line and its kind of error */
  int handler_line;
  const char *handler_kind;
  o_op *clean_up; /* of a try: finally */
  o_op *next;
};

typedef enum o_kind { COROUTINE, CALLBACK, PRODUCER } o_kind;

typedef struct o_definition {
  o_kind kind;
  int line;
  const char *name;
  o_op *body;
} o_definition;

typedef struct o_program {
  o_op *declarations;
  int definition_count;
  o_definition definitions[MAX_DEFINITIONS];
  struct block *memory;
} o_program;

/* Reads a program; its text is cut into words. False with a message on stderr when it is wrong. */
bool program_read(o_program *read, char *text);
void program_free(o_program *program);

/* NULL when there is none of that name. */
const o_definition *program_find(const o_program *program, o_kind kind, const char *name);

/* What an operation of that name does, or NULL; whether a body follows it. operations.c */
operation *operation_find(const char *name);
bool operation_has_body(const char *name);

#endif
