/* A system that gives an open file a name only by its place in /proc. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int __real_linkat(int from_folder, const char *from, int to_folder, const char *to, int flags);
int __wrap_linkat(int from_folder, const char *from, int to_folder, const char *to, int flags);

int __wrap_linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
  if (flags & AT_EMPTY_PATH) {
    errno = ENOENT;
    return -1;
  }
  return __real_linkat(from_folder, from, to_folder, to, flags);
}
