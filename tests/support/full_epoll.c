/* To be preloaded: a kernel that watches no more sockets for this user. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/epoll.h>
#include <sys/stat.h>

int epoll_ctl(int poll, int what, int file, struct epoll_event *event)
{
  struct stat found;
  int (*real)(int, int, int, struct epoll_event *) = dlsym(RTLD_NEXT, "epoll_ctl");
  if (what != EPOLL_CTL_ADD || fstat(file, &found) != 0 || !S_ISSOCK(found.st_mode)) {
    return real(poll, what, file, event);
  }
  errno = ENOSPC;
  return -1;
}
