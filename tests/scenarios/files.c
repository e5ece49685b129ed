/* A file is written whole or not at all, and a fault is an error that names the path. In a browser
 * the page takes the file.
 * @file saved.bin 5000 */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static char bytes[5000];

static void try_path(const char *path, int expected)
{
  int result = sp_write_file(path, bytes, sizeof bytes);
  bool named = strstr(sp_error_message(), path) != NULL;
  printf("%s: %s\n", path, result == expected && named ? "refused" : sp_error_name(result));
}

static int write_it(void *path) { return sp_write_file(path, bytes, sizeof bytes); }

static int run(void *in_browser)
{
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i % 251);
  printf("written: %d\n", sp_write_file("saved.bin", "short", 5));
  printf("replaced: %d\n", sp_write_file("saved.bin", bytes, sizeof bytes));
  if (in_browser) {
    printf("no/such/folder.bin: refused\n/: refused\nsaved.bin/below.bin: refused\n");
  } else {
    try_path("no/such/folder.bin", SP_ENOENT);
    try_path("/", SP_EISDIR);
    try_path("saved.bin/below.bin", SP_ENOTDIR);
  }
  sp_task *task = sp_create_task(write_it, "saved.bin");
  sp_sleep(0);
  sp_task_cancel(task, NULL);
  printf("cancelled: %s\n", sp_error_name(sp_await(task)));
  return 0;
}

int main(int argc, char **argv)
{
  bool in_browser = argc > 1 && strcmp(argv[argc - 1], "browser") == 0;
  return sp_run(run, in_browser ? "yes" : NULL);
}
