/* Prints the lines of its standard input: the first in main() if there is an argument, the others in a task. */
#include <stdio.h>

#include "spindle.h"

static bool print_line(const char *who)
{
  char line[64];
  if (!fgets(line, sizeof line, stdin)) return false;
  printf("%s: %s", who, line);
  return true;
}

static int reads(void *arg)
{
  (void)arg;
  int error = 0;
  while (error == 0 && print_line("task")) error = sp_sleep(0);
  printf("%s\n", feof(stdin) ? "the end" : "an error");
  return error;
}

int main(int count, char **words)
{
  (void)words;
  if (count > 1) print_line("main");
  return sp_run(reads, NULL);
}
