/* Generators: functions that yield values, one at a time, to the task that asks for them. */
#include "core/core.h"

int sp__close_generators(void *loop)
{
  (void)loop;
  return 0;
}
