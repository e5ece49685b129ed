#include "paths.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A file that begins with a dot has the code before it. */
static char *path_of(const char *code, const char *file)
{
  char *path;
  char cc[] = {(char)tolower((unsigned char)code[0]), (char)tolower((unsigned char)code[1]), '\0'};
  if (asprintf(&path, "%s/%s%s", cc, *file == '.' ? cc : "", file) < 0) return NULL;
  return path;
}

char *path_of_flag(const char *code) { return path_of(code, ".gif"); }

char *path_of_metadata(const char *code) { return path_of(code, "metadata.json"); }

char *file_name_of_country(const char *country)
{
  char *name;
  if (asprintf(&name, "%s.gif", country) < 0) return NULL;
  for (char *c = name; *c; c++) {
    bool is_odd = (unsigned char)*c <= ' ' || *c == 0x7f || *c == '/' || *c == '\\';
    if (is_odd || (c == name && *c == '.')) *c = '_';
  }
  return name;
}

const char *last_part(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}
