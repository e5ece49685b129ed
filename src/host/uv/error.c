/* spindle's codes for libuv's. */
#include <errno.h>

#include "host/uv/uv_host.h"
#include "spindle.h"

int sp__uv_error(int uv_error)
{
  switch (uv_error) {
    case UV_ENOENT:
      return SP_ENOENT;
    case UV_EACCES:
    case UV_EPERM:
    case UV_EROFS:
      return SP_EACCES;
    case UV_EISDIR:
      return SP_EISDIR;
    case UV_ENOTDIR:
      return SP_ENOTDIR;
    case UV_ENOSPC:
    case -EDQUOT: /* libuv has no name for it */
      return SP_ENOSPC;
    case UV_ENOMEM:
      return SP_ENOMEM;
    default:
      return SP_EIO;
  }
}
