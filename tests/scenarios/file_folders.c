/* What the file system refuses is an error that names the path, when a small file is committed and
 * when a piece of a large one is written; then the file takes no more.
 * @targets native node */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static char bytes[100000];

static void say(const char *what, const char *path, int result)
{
  bool named = result < 0 && strstr(sp_error_message(), path) == sp_error_message();
  printf("%s: %s%s\n", what, sp_error_name(result), named ? ", named" : "");
}

static void write_to(const char *path, size_t size)
{
  printf("%zu bytes to %s\n", size, path);
  sp_file *file = sp_file_new(path);
  say("written", path, sp_file_write(file, bytes, size));
  say("committed", path, sp_file_commit(file));
  say("again", path, sp_file_commit(file));
  sp_file_free(file);
}

static int run(void *arg)
{
  (void)arg;
  static const char *const paths[] = {"no/such/folder.bin", "/", "/etc/passwd/below.bin", ""};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    write_to(paths[i], 10);
    write_to(paths[i], sizeof bytes);
  }
  return 0;
}

int main(void) { return sp_run(run, NULL); }
