/* A loop makes room for many open files while there is but one thread: later that takes 10 ms a time.
 * @targets native */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "spindle.h"

static unsigned long room(void)
{
  void *status;
  size_t size;
  if (sp_read_file("/proc/self/status", &status, &size) < 0) return 0;
  const char *line = strstr(status, "FDSize:");
  unsigned long found = line ? strtoul(line + strlen("FDSize:"), NULL, 10) : 0;
  free(status);
  return found;
}

static int run(void *arg)
{
  (void)arg;
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return SP_EIO;
  unsigned long wanted = limit.rlim_cur < 4096 ? limit.rlim_cur : 4096;
  printf("as many as may be open, or 4,096: %s\n", room() >= wanted ? "yes" : "no");
  return 0;
}

int main(void) { return sp_run(run, NULL); }
