/* A generator reads a sensor now and then; its consumer stops when it has seen enough. */
#include <stdio.h>

#include "spindle.h"

static int readings(sp_generator *self, void *arg)
{
  double degrees = *(double *)arg;
  int error = 0;
  puts("sensor on");
  while (error == 0) {
    error = sp_sleep(0.05); /* suspends whoever asks for the next reading */
    if (error == 0) error = sp_yield(self, &degrees);
    degrees += 0.5;
  }
  puts("sensor off"); /* closed, or the task that asked was cancelled */
  return error;
}

static int watch(void *limit)
{
  double start = 20;
  void *reading;
  sp_generator *sensor = sp_generator_new(readings, &start);
  if (!sensor) return SP_ENOMEM;
  int more;
  while ((more = sp_generator_next(sensor, &reading)) > 0) {
    printf("%.1f degrees\n", *(double *)reading);
    if (*(double *)reading > *(double *)limit) break;
  }
  int error = more < 0 ? more : sp_generator_close(sensor);
  sp_generator_free(sensor);
  return error;
}

int main(void)
{
  double limit = 21;
  return sp_run(watch, &limit);
}
