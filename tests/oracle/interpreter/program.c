/* Reading a program: lines of words, blocks that are closed by `end`. */
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
  struct block *next;
  o_op op;
};

typedef struct o_reader {
  o_program *program;
  char *rest;
  int line;
  int word_count;
  char *words[MAX_WORDS];
  bool in_callback;
} o_reader;

static bool wrong(const o_reader *reader, const char *why)
{
  fprintf(stderr, "line %d: %s\n", reader->line, why);
  return false;
}

/* The words of the next line that has some; false at the end. */
static bool next_line(o_reader *reader)
{
  while (*reader->rest) {
    char *line = reader->rest;
    size_t length = strcspn(line, "\n");
    reader->rest += length + (line[length] == '\n');
    line[length] = '\0';
    line[strcspn(line, "#")] = '\0';
    reader->line++;
    reader->word_count = 0;
    for (char *word = strtok(line, " "); word && reader->word_count < MAX_WORDS;
         word = strtok(NULL, " ")) {
      reader->words[reader->word_count++] = word;
    }
    if (reader->word_count > 0) return true;
  }
  return false;
}

static o_op *new_op(o_reader *reader)
{
  struct block *block = calloc(1, sizeof *block);
  if (!block) abort();
  block->next = reader->program->memory;
  reader->program->memory = block;
  o_op *made = &block->op;
  made->line = reader->line;
  made->word_count = reader->word_count;
  memcpy(made->words, reader->words, sizeof made->words);
  return made;
}

static bool is(const o_reader *reader, const char *word)
{
  return strcmp(reader->words[0], word) == 0;
}

static bool read_body(o_reader *reader, o_op **body);

static bool read_try(o_reader *reader, o_op *made)
{
  if (!read_body(reader, &made->body)) return false;
  if (is(reader, "except")) {
    made->handler_line = reader->line;
    made->handler_kind = reader->words[1];
    if (!read_body(reader, &made->handler)) return false;
  }
  if (is(reader, "finally") && !read_body(reader, &made->clean_up)) return false;
  return is(reader, "end") || wrong(reader, "a try that does not end");
}

static bool read_op(o_reader *reader, o_op **read)
{
  bool swallow = reader->words[0][0] == '?';
  if (swallow) reader->words[0]++;
  o_op *made = *read = new_op(reader);
  made->swallow = swallow || reader->in_callback;
  made->run = operation_find(made->words[0]);
  if (!made->run) return wrong(reader, "no such operation");
  if (is(reader, "try")) return read_try(reader, made);
  if (!operation_has_body(made->words[0])) return true;
  return read_body(reader, &made->body) &&
         (is(reader, "end") || wrong(reader, "a block that does not end"));
}

/* Up to the line that ends it, whose words are the current ones then. */
static bool read_body(o_reader *reader, o_op **body)
{
  o_op **last = body;
  while (next_line(reader)) {
    if (is(reader, "end") || is(reader, "except") || is(reader, "finally")) return true;
    if (!read_op(reader, last)) return false;
    last = &(*last)->next;
  }
  return wrong(reader, "a body that does not end");
}

static bool read_definition(o_reader *reader, o_kind kind)
{
  o_program *program = reader->program;
  if (program->definition_count == MAX_DEFINITIONS) return wrong(reader, "too many definitions");
  o_definition *made = &program->definitions[program->definition_count++];
  *made = (o_definition){.kind = kind, .line = reader->line, .name = reader->words[1]};
  reader->in_callback = kind == CALLBACK;
  return read_body(reader, &made->body);
}

bool program_read(o_program *read, char *text)
{
  *read = (o_program){.memory = NULL};
  o_reader reader = {.program = read, .rest = text};
  o_op **last = &read->declarations;
  while (next_line(&reader)) {
    bool right = true;
    if (is(&reader, "coroutine")) {
      right = read_definition(&reader, COROUTINE);
    } else if (is(&reader, "callback")) {
      right = read_definition(&reader, CALLBACK);
    } else if (is(&reader, "producer")) {
      right = read_definition(&reader, PRODUCER);
    } else {
      *last = new_op(&reader);
      last = &(*last)->next;
    }
    if (!right) return false;
  }
  return program_find(read, COROUTINE, "main") || wrong(&reader, "no coroutine main");
}

void program_free(o_program *program)
{
  while (program->memory) {
    struct block *block = program->memory;
    program->memory = block->next;
    free(block);
  }
}

const o_definition *program_find(const o_program *program, o_kind kind, const char *name)
{
  for (int i = 0; i < program->definition_count; i++) {
    const o_definition *found = &program->definitions[i];
    if (found->kind == kind && strcmp(found->name, name) == 0) return found;
  }
  return NULL;
}
