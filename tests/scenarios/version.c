/* The library says its version, which is that of the header it was compiled with. */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

#if SP_VERSION < (0 << 16 | 1 << 8)
#error "SP_VERSION grows with each version, and can be compared by the preprocessor"
#endif

int main(void)
{
  char text[32];
  snprintf(text, sizeof text, "%d.%d.%d", SP_VERSION_MAJOR, SP_VERSION_MINOR, SP_VERSION_PATCH);
  printf("sp_version() is the header's: %d\n", strcmp(sp_version(), text) == 0);
  printf("so is the number: %d\n",
         SP_VERSION == SP_VERSION_MAJOR * 65536 + SP_VERSION_MINOR * 256 + SP_VERSION_PATCH);
  return 0;
}
