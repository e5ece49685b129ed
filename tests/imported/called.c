/* A program whose C functions JavaScript calls while main() is parked, and that ends in many ways: "return N",
 * "exit N", "sleep N" (emscripten_sleep before and after a run), "main loop" (which ends it by itself). */
#include <emscripten.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

EMSCRIPTEN_KEEPALIVE const char *greet(const char *who)
{
  static char text[64];
  snprintf(text, sizeof text, "hello %s", who);
  return text;
}

EMSCRIPTEN_KEEPALIVE int twice(int number) { return 2 * number; }

static int never(void *arg)
{
  (void)arg;
  return 0;
}

static void first_handler(void) { printf("the last handler\n"); }

static void second_handler(void)
{
  printf("a run at exit: %s\n", sp_error_name(sp_run(never, NULL)));
}

static int waits(void *arg)
{
  (void)arg;
  return sp_sleep(0.03);
}

static void once_more(void)
{
  printf("from the main loop\n");
  exit(8);
}

int main(int count, char **words)
{
  const char *end = count > 1 ? words[1] : "return";
  int code = count > 2 ? atoi(words[2]) : 0;
  atexit(first_handler);
  atexit(second_handler);
  if (strcmp(end, "nothing") == 0) return code;
  if (sp_run(waits, NULL) < 0) return 1;
  if (strcmp(end, "sleep") == 0) emscripten_sleep(10);
  if (strcmp(end, "main loop") == 0) emscripten_set_main_loop(once_more, 30, 1);
  if (sp_run(waits, NULL) < 0) return 1;
  if (strcmp(end, "sleep") == 0) emscripten_sleep(10);
  if (strcmp(end, "exit") == 0) exit(code);
  return code;
}
