/* In a page that takes no files, and gives none, that is an error which says what to do; and the page
 * is no terminal.
 * @page bare
 * @targets chromium firefox */
#include <stdio.h>

#include "spindle.h"

static void say(const char *what, int result)
{
  printf("%s: %s: %s\n", what, sp_error_name(result), sp_error_message());
}

static int run(void *arg)
{
  (void)arg;
  void *data;
  size_t size;
  say("write", sp_write_file("file.txt", "x", 1));
  say("read", sp_read_file("file.txt", &data, &size));
  sp_file *file = sp_file_new("file.txt");
  printf("a piece: %d\n", sp_file_write(file, "x", 1));
  say("commit", sp_file_commit(file));
  sp_file_free(file);
  printf("columns: %d\n", sp_terminal_columns(1));
  return 0;
}

int main(void) { return sp_run(run, NULL); }
