/* Emscripten's file system is linked, and standard input is what it was, until freopen() makes it a file. */
#include <stdio.h>

#include "spindle.h"

static int reads(void *arg)
{
  char line[64];
  while (fgets(line, sizeof line, stdin)) printf("%s: %s", (char *)arg, line);
  return 0;
}

int main(void)
{
  FILE *file = fopen("/file", "w");
  if (!file || fputs("in it\n", file) < 0 || fclose(file) != 0) return 1;
  if (sp_run(reads, "input") < 0) return 1;
  if (!freopen("/file", "r", stdin)) return 1;
  return sp_run(reads, "file");
}
