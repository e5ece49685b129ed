/* The smallest program that waits with libuv: what the native spinner's size is seen beside. */
#include <stdio.h>
#include <uv.h>

static void say(uv_timer_t *timer) { printf("%s\n", (const char *)timer->data); }

int main(void)
{
  static char hello[] = "hello";
  uv_timer_t timer;
  uv_timer_init(uv_default_loop(), &timer);
  timer.data = hello;
  uv_timer_start(&timer, say, 100, 0);
  return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
