/* What a file system has besides files can be read or refused, too: one whose size is not known, a
 * folder, an absolute path, a file in place of a folder.
 * @targets native node */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

static void show(const char *path)
{
  void *data;
  size_t size;
  int result = sp_read_file(path, &data, &size);
  bool whole = result == 0 && size > 0 && strlen(data) == size;
  bool named = result < 0 && strstr(sp_error_message(), path) == sp_error_message();
  printf("%s: %s%s\n", path, whole ? "text" : sp_error_name(result), named ? ", named" : "");
  free(data);
}

static int run(void *arg)
{
  (void)arg;
  show("/proc/version");
  show("/proc/self/limits");
  show("/etc/passwd");
  show("/");
  show("/etc/passwd/below");
  show("");
  return 0;
}

int main(void) { return sp_run(run, NULL); }
