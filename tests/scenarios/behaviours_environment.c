/* Behaviours of loops that depend on the environment. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>

#include "behaviours.h"

static bool new_loop_is_in_debug_mode(void)
{
  sp_loop *loop = sp_loop_new(NULL);
  bool debug = sp_loop_debug(loop);
  sp_loop_free(loop);
  return debug;
}

BEHAVIOUR_OUTSIDE(environment_switches_debug_on,
                  "SPINDLE_DEBUG puts every new loop into debug mode, unless it is empty")
{
  unsetenv("SPINDLE_DEBUG");
  CHECK(!new_loop_is_in_debug_mode());
  setenv("SPINDLE_DEBUG", "", 1);
  CHECK(!new_loop_is_in_debug_mode());
  setenv("SPINDLE_DEBUG", "1", 1);
  CHECK(new_loop_is_in_debug_mode());
}
