/* Bytes on their way: added at the end, taken from the front. */
#ifndef SP_CORE_BUFFER_H
#define SP_CORE_BUFFER_H

#include <stddef.h>

typedef struct sp__buffer {
  char *bytes;
  size_t from, end; /* what is in it */
  size_t capacity;
} sp__buffer;

static inline size_t sp__buffer_size(const sp__buffer *buffer)
{
  return buffer->end - buffer->from;
}

/* Room for `size` bytes more, to be filled from there; NULL: out of memory. */
void *sp__buffer_reserve(sp__buffer *buffer, size_t size);

/* Takes the first bytes out of it, at most `size`; returns how many. */
size_t sp__buffer_take(sp__buffer *buffer, void *to, size_t size);

void sp__buffer_free(sp__buffer *buffer);

#endif
