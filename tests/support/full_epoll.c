/* To be preloaded: a kernel that watches no more sockets for this user, after so many times as
 * FULL_EPOLL_AFTER says, or more at once than FULL_EPOLL_AT says. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/stat.h>

enum { FILES = 1024 };

static bool watched[FILES];
static long added, watched_count;

static bool is_socket(int file)
{
  struct stat found;
  return file < FILES && fstat(file, &found) == 0 && S_ISSOCK(found.st_mode);
}

static long limit(const char *name)
{
  const char *text = getenv(name);
  return text ? strtol(text, NULL, 10) : LONG_MAX;
}

static void count(int file, bool is_watched)
{
  watched_count += is_watched - watched[file];
  watched[file] = is_watched;
}

int epoll_ctl(int poll, int what, int file, struct epoll_event *event)
{
  int (*real)(int, int, int, struct epoll_event *) = dlsym(RTLD_NEXT, "epoll_ctl");
  if (what == EPOLL_CTL_MOD || !is_socket(file)) return real(poll, what, file, event);
  if (what == EPOLL_CTL_ADD) {
    bool is_full = !watched[file] && watched_count >= limit("FULL_EPOLL_AT");
    if (is_full || added++ >= limit("FULL_EPOLL_AFTER")) {
      errno = ENOSPC;
      return -1;
    }
  }
  int result = real(poll, what, file, event);
  if (result == 0) count(file, what == EPOLL_CTL_ADD);
  return result;
}
