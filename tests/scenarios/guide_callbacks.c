/* A function with a callback becomes one that is awaited, by a future. */
#include <stdio.h>

#include "spindle.h"

/* --- a library with callbacks; the loop's timers stand in for a device --- */

typedef void on_reading(void *arg, int status, int degrees);

typedef struct sensor {
  on_reading *callback;
  void *arg;
  sp_handle timer;
} sensor;

static void sensor_ready(void *arg)
{
  sensor *self = arg;
  self->callback(self->arg, 0, 21);
}

static void sensor_read(sensor *self, on_reading *callback, void *arg)
{
  self->callback = callback;
  self->arg = arg;
  self->timer = sp_loop_call_later(sp_loop_running(), 0.02, sensor_ready, self);
}

static void sensor_stop(sensor *self) { sp_handle_cancel(self->timer); }

/* --- the bridge: a coroutine --- */

static void fulfil(void *future, int status, int degrees)
{
  if (status == 0) {
    sp_future_set_result(future, degrees);
  } else {
    sp_future_set_error(future, SP_EIO, "the sensor has failed");
  }
}

static int read_degrees(sensor *from)
{
  sp_future *reading = sp_future_new();
  if (!reading) return SP_ENOMEM;
  sensor_read(from, fulfil, reading);
  int degrees = sp_await(reading);
  if (degrees < 0) sensor_stop(from); /* cancelled: no callback may come to a freed future */
  sp_future_free(reading);
  return degrees;
}

/* --- its use --- */

static int watch(void *arg)
{
  sensor *device = arg;
  printf("%d degrees\n", read_degrees(device));
  sp_timeout limit;
  int result = sp_timeout_open(&limit, 0.001);
  if (result == 0) result = read_degrees(device);
  result = sp_timeout_close(&limit, result);
  printf("%s\n", sp_error_name(result));
  return 0;
}

int main(void)
{
  sensor device;
  return sp_run(watch, &device);
}
