/* To be preloaded: a kernel that watches so many sockets for this user as FULL_EPOLL_AFTER says, and no more. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/stat.h>

static long added;

int epoll_ctl(int poll, int what, int file, struct epoll_event *event)
{
  struct stat found;
  int (*real)(int, int, int, struct epoll_event *) = dlsym(RTLD_NEXT, "epoll_ctl");
  if (what != EPOLL_CTL_ADD || fstat(file, &found) != 0 || !S_ISSOCK(found.st_mode)) {
    return real(poll, what, file, event);
  }
  const char *limit = getenv("FULL_EPOLL_AFTER");
  if (limit && added++ < strtol(limit, NULL, 10)) return real(poll, what, file, event);
  errno = ENOSPC;
  return -1;
}
