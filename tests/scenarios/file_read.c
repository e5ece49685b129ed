/* A file is read whole, with a NUL behind it; a missing one is an error that names it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

enum { SIZE = 200000 };

static char bytes[SIZE];

static void show(const char *path)
{
  void *data = bytes;
  size_t size = 1;
  int result = sp_read_file(path, &data, &size);
  if (result < 0) {
    bool named = strstr(sp_error_message(), path) == sp_error_message();
    bool cleared = data == NULL && size == 0;
    printf("%s: %s%s%s\n", path, sp_error_name(result), named ? ", named" : "",
           cleared ? "" : ", not cleared");
    return;
  }
  bool same = size <= SIZE && memcmp(data, bytes, size) == 0 && ((char *)data)[size] == '\0';
  printf("%s: %d, %zu bytes%s\n", path, result, size, same ? "" : ", others");
  free(data);
}

static void write_and_show(const char *path, size_t size)
{
  int error = sp_write_file(path, bytes, size);
  if (error < 0) printf("%s: %s\n", path, sp_error_message());
  show(path);
}

static int run(void *arg)
{
  (void)arg;
  for (size_t i = 0; i < SIZE; i++) bytes[i] = (char)(i % 251);
  write_and_show("empty.bin", 0);
  write_and_show("one.bin", 1);
  write_and_show("4095.bin", 4095);
  write_and_show("4096.bin", 4096);
  write_and_show("large.bin", SIZE);
  write_and_show("-", 10);
  show("missing.bin");
  return 0;
}

int main(void) { return sp_run(run, NULL); }
