/* The version compiled into the library; that of the header in use may differ. */
#include "spindle.h"

const char *sp_version(void)
{
  return SP__STRING(SP_VERSION_MAJOR) "." SP__STRING(SP_VERSION_MINOR) "." SP__STRING(
      SP_VERSION_PATCH);
}
