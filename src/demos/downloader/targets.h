/* What is to be downloaded: names, each once. A name is a country's code in capitals, or a path. */
#ifndef TARGETS_H
#define TARGETS_H

#include <stdbool.h>
#include <stddef.h>

struct targets {
  char **names;
  size_t count;
  size_t capacity;
};

/* Adding: 0, SP_ENOMEM, or SP_EINVAL for what is no code. */
int targets_add(struct targets *self, const char *name, size_t length);
int targets_add_code(struct targets *self, const char *word);   /* "br" */
int targets_add_letter(struct targets *self, const char *word); /* "b": BA to BZ */
int targets_add_every(struct targets *self);                    /* AA to ZZ */
int targets_add_all(struct targets *self);                      /* those that are a country's */
int targets_add_most_populous(struct targets *self);

/* The lines of a text, but empty ones. */
int targets_add_lines(struct targets *self, const char *text, size_t size);

/* Sorts them, drops duplicates, then all but the first `limit`. */
void targets_settle(struct targets *self, size_t limit);

/* Of paths: two that end in the same name, or one that ends in none, are SP_EINVAL, with a message.
 */
int targets_check_last_parts(const struct targets *self);

void targets_free(struct targets *self);

#endif
