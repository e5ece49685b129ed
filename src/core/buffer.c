/* Byte buffers: appended to at the end, consumed from the front. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"

enum { FIRST_CAPACITY = 16384 };

static void move_to_front(sp__buffer *buffer)
{
  size_t size = sp__buffer_size(buffer);
  memmove(buffer->bytes, buffer->bytes + buffer->from, size);
  buffer->from = 0;
  buffer->end = size;
}

static bool grow(sp__buffer *buffer, size_t needed)
{
  size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
  while (capacity < needed) capacity *= 2;
  char *bytes = realloc(buffer->bytes, capacity);
  if (!bytes) return false;
  buffer->bytes = bytes;
  buffer->capacity = capacity;
  return true;
}

void *sp__buffer_reserve(sp__buffer *buffer, size_t size)
{
  if (size > SIZE_MAX / 4) return NULL;
  if (!buffer->bytes && !grow(buffer, size)) return NULL;
  if (size > buffer->capacity - buffer->end) move_to_front(buffer);
  size_t needed = buffer->end + size;
  if (needed > buffer->capacity && !grow(buffer, needed)) return NULL;
  return buffer->bytes + buffer->end;
}

size_t sp__buffer_take(sp__buffer *buffer, void *to, size_t size)
{
  size_t taken = sp__buffer_size(buffer);
  if (taken > size) taken = size;
  if (taken > 0) memcpy(to, buffer->bytes + buffer->from, taken);
  buffer->from += taken;
  if (buffer->from == buffer->end) buffer->from = buffer->end = 0;
  return taken;
}

void sp__buffer_free(sp__buffer *buffer)
{
  free(buffer->bytes);
  *buffer = (sp__buffer){.bytes = NULL};
}
