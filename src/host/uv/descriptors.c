/* Capacity for many descriptors, made while that costs nothing.
 *
 * Linux's table of a process's open files doubles when it is full, and in a process with threads
 * each time waits some 10 ms until all of them must have noticed: a program that opens a thousand
 * connections at once would stall five times. With one thread nobody has to notice, so the table is
 * made large before a loop starts any. */
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#define HAS_ONE_THREAD __libc_single_threaded
#else
#define HAS_ONE_THREAD false
#endif

#include "host/uv/uv_host.h"

enum { ROOM = 4096 };

void sp__descriptors_reserve(int any)
{
  struct rlimit limit;
  if (!HAS_ONE_THREAD || getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  int capacity = limit.rlim_cur < ROOM ? (int)limit.rlim_cur : ROOM;
  int last = fcntl(any, F_DUPFD_CLOEXEC, capacity - 1);
  if (last >= 0) (void)close(last);
}
