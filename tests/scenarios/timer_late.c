/* A timer that is due before the host looks for events, on a machine that is busy, is not missed.
 * @targets native
 * @links late_timers */
#include <stdio.h>

#include "spindle.h"

static int sleeps(void *arg)
{
  (void)arg;
  for (int i = 0; i < 3; i++) {
    int error = sp_sleep(0.001);
    if (error < 0) return error;
    printf("slept\n");
  }
  return 0;
}

int main(void) { return sp_run(sleeps, NULL); }
