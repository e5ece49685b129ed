/* Files are written whole or not at all, read whole, and written in pieces. */
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

static int show(const char *path)
{
  void *text;
  size_t size;
  int error = sp_read_file(path, &text, &size);
  if (error < 0) return error;
  printf("%s, %zu bytes: %s", path, size, (char *)text); /* a NUL follows */
  free(text);
  return 0;
}

static int write_squares(const char *path, int count)
{
  sp_file *file = sp_file_new(path);
  if (!file) return SP_ENOMEM;
  int error = 0;
  for (int i = 1; error == 0 && i <= count; i++) {
    char piece[16];
    int length = snprintf(piece, sizeof piece, i < count ? "%d " : "%d\n", i * i);
    error = sp_file_write(file, piece, (size_t)length);
  }
  if (error == 0) error = sp_file_commit(file); /* from now on the file has its name */
  sp_file_free(file);
  return error;
}

static int run(void *arg)
{
  (void)arg;
  int error = sp_write_file("greeting.txt", "hello\n", 6);
  if (error == 0) error = show("greeting.txt");
  if (error == 0) error = write_squares("squares.txt", 5);
  if (error == 0) error = show("squares.txt");
  if (error < 0) return error;
  error = show("missing.txt");
  printf("%s\n", sp_error_name(error));
  return error == SP_ENOENT ? 0 : error;
}

int main(void)
{
  int error = sp_run(run, NULL);
  if (error < 0) fprintf(stderr, "%s\n", sp_error_message());
  return error < 0;
}
