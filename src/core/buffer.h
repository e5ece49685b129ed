/* Byte buffers: appended to at the end, consumed from the front. */
#ifndef SP_CORE_BUFFER_H
#define SP_CORE_BUFFER_H

#include <stddef.h>

typedef struct sp__buffer {
  char *bytes;
  size_t from, end; /* the contents: bytes[from] to bytes[end - 1] */
  size_t capacity;
} sp__buffer;

static inline size_t sp__buffer_size(const sp__buffer *buffer)
{
  return buffer->end - buffer->from;
}

/* Returns the address at which `size` more bytes can be stored; NULL when out of memory. */
void *sp__buffer_reserve(sp__buffer *buffer, size_t size);

/* Removes at most `size` bytes from the front; returns how many. */
size_t sp__buffer_take(sp__buffer *buffer, void *to, size_t size);

void sp__buffer_free(sp__buffer *buffer);

#endif
