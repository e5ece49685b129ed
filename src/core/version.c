/* The version that was compiled into the library: that of its header may be another's. */
#include "spindle.h"

const char *sp_version(void)
{
  return SP__STRING(SP_VERSION_MAJOR) "." SP__STRING(SP_VERSION_MINOR) "." SP__STRING(
      SP_VERSION_PATCH);
}
