/* A C function that JavaScript calls in the middle of a task cannot suspend: it is told so, and the
 * task goes on unharmed.
 * @targets node chromium firefox */
#include <emscripten.h>
#include <stdio.h>

#include "spindle.h"

// clang-format off
typedef void callback(int value);
EM_JS(void, call_back, (callback *pointer, int value), { wasmTable.get(pointer)(value); })
EM_JS(int, add_in_js, (int a, int b), { return a + b; })
// clang-format on

static void called_by_js(int value)
{
  int result = sp_sleep(0.01);
  printf("called with %d: %s: %s\n", value, sp_error_name(result), sp_error_message());
}

static int run(void *arg)
{
  (void)arg;
  call_back(called_by_js, 7);
  printf("the task sleeps: %d\n", sp_sleep(0.01));
  printf("and calls: %d\n", add_in_js(40, 2));
  call_back(called_by_js, 8);
  printf("the task sleeps: %d\n", sp_sleep(0));
  return 0;
}

int main(void) { return sp_run(run, NULL); }
