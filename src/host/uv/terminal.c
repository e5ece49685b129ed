/* Terminals: how wide they are at this moment. */
#include <sys/ioctl.h>

#include "host/host.h"
#include "host/uv/uv_host.h"

/* Only a terminal has a window's size. */
int sp__host_columns(int fd)
{
  struct winsize size;
  return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
