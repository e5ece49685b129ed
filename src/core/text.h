/* Text assembled without printf, which a small program does not link. */
#ifndef SP_CORE_TEXT_H
#define SP_CORE_TEXT_H

#include <stddef.h>
#include <stdint.h>

typedef struct sp__text {
  char *to;
  size_t capacity;
  size_t length; /* of the whole text, even if it does not fit */
} sp__text;

/* Returns an empty text in `capacity` bytes, its NUL included; if 0, only the length is counted. */
sp__text sp__text_into(char *to, size_t capacity);

#define sp__text_add(text, ...) sp__text_add_all((text), (const char *const[]){__VA_ARGS__, NULL})
void sp__text_add_all(sp__text *text, const char *const *pieces);
void sp__text_add_number(sp__text *text, uint64_t number);

#endif
