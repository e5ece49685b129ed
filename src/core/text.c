/* Texts assembled piece by piece, cut at their capacity. What every program links is written so:
 * snprintf alone is as large as the loop, because it can print floating point. */
#include <string.h>

#include "core/text.h"

sp__text sp__text_into(char *to, size_t capacity)
{
  if (capacity > 0) to[0] = '\0';
  return (sp__text){.to = to, .capacity = capacity};
}

static void add_one(sp__text *text, const char *piece)
{
  size_t length = strlen(piece);
  if (text->length < text->capacity) {
    size_t left = text->capacity - text->length - 1;
    size_t fits = length < left ? length : left;
    memcpy(text->to + text->length, piece, fits);
    text->to[text->length + fits] = '\0';
  }
  text->length += length;
}

void sp__text_add_all(sp__text *text, const char *const *pieces)
{
  for (; *pieces; pieces++) add_one(text, *pieces);
}

void sp__text_add_number(sp__text *text, uint64_t number)
{
  char digits[24];
  char *at = digits + sizeof digits;
  *--at = '\0';
  do {
    *--at = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  add_one(text, at);
}
