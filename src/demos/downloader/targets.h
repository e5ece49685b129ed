/* What is to be downloaded: names, each once. A name is a country's code in capitals, or a path. */
#ifndef WANTED_H
#define WANTED_H

#include <stdbool.h>
#include <stddef.h>

struct wanted {
  char **names;
  size_t count;
  size_t room;
};

/* Adding: 0, SP_ENOMEM, or SP_EINVAL for what is no code. */
int wanted_add(struct wanted *self, const char *name, size_t length);
int wanted_add_code(struct wanted *self, const char *word);   /* "br" */
int wanted_add_letter(struct wanted *self, const char *word); /* "b": BA to BZ */
int wanted_add_every(struct wanted *self);                    /* AA to ZZ */
int wanted_add_all(struct wanted *self);                      /* those that are a country's */
int wanted_add_most_populous(struct wanted *self);

/* The lines of a text, but empty ones. */
int wanted_add_lines(struct wanted *self, const char *text, size_t size);

/* Sorts them, drops what stands there twice, then all but the first `limit`. */
void wanted_settle(struct wanted *self, size_t limit);

/* Of paths: two that end in the same name, or one that ends in none, are SP_EINVAL, with a message.
 */
int wanted_check_last_parts(const struct wanted *self);

void wanted_free(struct wanted *self);

#endif
