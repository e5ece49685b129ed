/* A file that is written in pieces, small and large, is there whole when it is committed, and not
 * before; one that is let go leaves nothing.
 * @file pieces.bin 300000 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

enum { SIZE = 300000 };

static unsigned char bytes[SIZE];

static const char *state_of(const char *path)
{
  void *data;
  size_t size;
  static char text[40];
  int error = sp_read_file(path, &data, &size);
  if (error < 0) return sp_error_name(error);
  bool whole = size <= SIZE && memcmp(data, bytes, size) == 0;
  snprintf(text, sizeof text, "%zu bytes%s", size, whole ? "" : ", others");
  free(data);
  return text;
}

/* Pieces of 1, 3, 9, 27 ... bytes, from the smallest again after the largest. */
static int write_pieces(sp_file *file, size_t largest)
{
  int error = 0;
  size_t at = 0;
  for (size_t piece = 1; at < SIZE && error == 0; at += piece) {
    piece = piece * 3 > largest ? 1 : piece * 3;
    if (piece > SIZE - at) piece = SIZE - at;
    error = sp_file_write(file, bytes + at, piece);
  }
  return error;
}

static int in_pieces(size_t largest)
{
  sp_file *file = sp_file_new("pieces.bin");
  if (!file) return SP_ENOMEM;
  int error = write_pieces(file, largest);
  printf("written: %d, there: %s\n", error, state_of("pieces.bin"));
  if (error == 0) error = sp_file_commit(file);
  printf("committed: %d, there: %s\n", error, state_of("pieces.bin"));
  sp_file_free(file);
  return error;
}

static int let_go(const char *path, size_t size)
{
  sp_file *file = sp_file_new(path);
  if (!file) return SP_ENOMEM;
  int error = sp_file_write(file, bytes, size);
  sp_file_free(file);
  printf("%zu bytes let go: %d, there: %s\n", size, error, state_of(path));
  return error;
}

static int leave_empty(void)
{
  sp_file *file = sp_file_new("pieces.bin");
  if (!file) return SP_ENOMEM;
  int error = sp_file_commit(file);
  printf("without a piece: %d, there: %s\n", error, state_of("pieces.bin"));
  sp_file_free(file);
  return error;
}

static int run(void *arg)
{
  (void)arg;
  for (size_t i = 0; i < SIZE; i++) bytes[i] = (unsigned char)(i % 251);
  int error = in_pieces(100);
  if (error == 0) error = leave_empty();
  if (error == 0) error = let_go("none.bin", 10);
  if (error == 0) error = let_go("none.bin", 100000);
  if (error == 0) error = let_go("pieces.bin", SIZE);
  sp_file_free(NULL);
  return error == 0 ? in_pieces(200000) : error;
}

int main(void) { return sp_run(run, NULL); }
