/* A task that calls what only main() may: which, is its argument. */
#include <emscripten.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "spindle.h"

// clang-format off
EM_ASYNC_JS(int, waits_in_js, (int milliseconds), {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return milliseconds;
})
// clang-format on

static void nothing(void) {}

static int deep(int left)
{
  int error = left == 0 ? sp_sleep(0) : deep(left - 1);
  return error < 0 ? error : error + 1;
}

static int calls(void *arg)
{
  const char *what = arg;
  int error = sp_sleep(0);
  if (strcmp(what, "sleep") == 0) emscripten_sleep(1);
  if (strcmp(what, "js") == 0) waits_in_js(1);
  if (strcmp(what, "fsync") == 0) fsync(1);
  if (strcmp(what, "loop") == 0) emscripten_set_main_loop(nothing, 0, 1);
  if (strcmp(what, "live") == 0) emscripten_exit_with_live_runtime();
  if (strcmp(what, "deep") == 0) error = deep(200000);
  printf("it went on\n");
  return error;
}

static int run(void *arg)
{
  sp_task_options options = {.name = "caller", .stack_size = 16 << 20};
  return sp_await(sp_create_task_with(calls, arg, &options));
}

int main(int count, char **words) { return count > 1 ? sp_run(run, words[1]) : 2; }
