/* Files and terminals for files.test.mjs:
 *   write PATH SIZE PIECE [hold|exit]  a file of SIZE bytes in pieces of PIECE; instead of the commit
 *                                      it can wait until the process ends, or exit with 3
 *   whole PATH SIZE                    the same by sp_write_file
 *   again PATH SIZE                    again and again, each time of another letter
 *   read PATH                          how many bytes it has, or the error
 *   columns                            of stdout and stderr, again when they have changed */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

typedef struct words {
  int count;
  char **each;
} words;

static int say(int result)
{
  printf("%s%s%s\n", sp_error_name(result), result < 0 ? " " : "",
         result < 0 ? sp_error_message() : "");
  fflush(stdout);
  return result;
}

static int write_pieces(sp_file *file, const char *bytes, size_t size, size_t piece)
{
  int error = 0;
  for (size_t at = 0; error == 0 && at < size; at += piece) {
    error = sp_file_write(file, bytes + at, piece < size - at ? piece : size - at);
  }
  return error;
}

/* Whatever it is asked, it stays till the process ends. */
static void hold(void)
{
  puts("held");
  fflush(stdout);
  for (;;) {
    if (sp_sleep(0.05) < 0) puts("asked to stop"), fflush(stdout);
  }
}

static int end_or_commit(sp_file *file, const char *how)
{
  if (strcmp(how, "hold") == 0) hold();
  if (strcmp(how, "exit") == 0) exit(3);
  return sp_file_commit(file);
}

static int in_pieces(const char *path, const char *bytes, size_t size, size_t piece,
                     const char *how)
{
  sp_file *file = sp_file_new(path);
  if (!file) return SP_ENOMEM;
  int error = write_pieces(file, bytes, size, piece);
  if (error == 0) error = end_or_commit(file, how);
  sp_file_free(file);
  return error;
}

static int again(const char *path, char *bytes, size_t size)
{
  int error = 0;
  puts("begun");
  fflush(stdout);
  for (int i = 0; error == 0; i++) {
    memset(bytes, 'a' + i % 26, size);
    error = i % 2 ? in_pieces(path, bytes, size, 30000, "") : sp_write_file(path, bytes, size);
  }
  return error;
}

static int write_it(const words *given)
{
  size_t size = strtoul(given->each[3], NULL, 10);
  char *bytes = malloc(size + 1);
  if (!bytes) return SP_ENOMEM;
  for (size_t i = 0; i < size; i++) bytes[i] = (char)(i % 251);
  const char *how = given->count > 5 ? given->each[5] : "";
  int result;
  if (strcmp(given->each[1], "again") == 0) {
    result = again(given->each[2], bytes, size);
  } else if (strcmp(given->each[1], "whole") == 0) {
    result = sp_write_file(given->each[2], bytes, size);
  } else {
    size_t piece = strtoul(given->each[4], NULL, 10);
    result = in_pieces(given->each[2], bytes, size, piece, how);
  }
  free(bytes);
  return say(result);
}

static int read_it(const char *path)
{
  void *data;
  size_t size;
  int result = sp_read_file(path, &data, &size);
  if (result < 0) return say(result);
  printf("%zu bytes\n", size);
  free(data);
  return 0;
}

static int show_columns(void)
{
  int before = -1, error = 0;
  for (int shown = 0; shown < 2 && error == 0; error = sp_sleep(0.02)) {
    int columns = sp_terminal_columns(1);
    if (columns == before) continue;
    printf("stdout %d, stderr %d\n", columns, sp_terminal_columns(2));
    fflush(stdout);
    before = columns;
    shown++;
    if (columns == 0) break;
  }
  return error;
}

static int run(void *arg)
{
  const words *given = arg;
  if (strcmp(given->each[1], "columns") == 0) return show_columns();
  if (strcmp(given->each[1], "read") == 0) return read_it(given->each[2]);
  return write_it(given);
}

int main(int argc, char **argv)
{
  words given = {.count = argc, .each = argv};
  bool enough = argc > 1 && argc > (strcmp(argv[1], "columns") == 0 ? 1 : 2);
  return enough && sp_run(run, &given) == 0 ? 0 : 1;
}
