/* What is no terminal has no columns, a page has those that it gives, and a thread is told the same.
 * @threads */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static int columns_of(void *fd) { return sp_terminal_columns(*(int *)fd); }

static int run(void *in_browser)
{
  for (int fd = 1; fd <= 2; fd++) {
    int columns = sp_terminal_columns(fd);
    printf("%d: %s\n", fd, columns == (in_browser ? 70 + fd : 0) ? "as expected" : "others");
    printf("in a thread: %s\n", sp_to_thread(columns_of, &fd) == columns ? "the same" : "others");
  }
  printf("no file: %s\n", sp_terminal_columns(-1) == 0 ? "none" : "some");
  return 0;
}

int main(int argc, char **argv)
{
  bool in_browser = argc > 1 && strcmp(argv[argc - 1], "browser") == 0;
  return sp_run(run, in_browser ? "yes" : NULL);
}
