/* The smallest program that switches stacks with Emscripten's own fibers: what spinner's size is seen
 * beside. */
#include <emscripten/fiber.h>
#include <stdio.h>

enum { STACK = 16384 };

static emscripten_fiber_t loop, fiber;
static _Alignas(16) char c_stack[STACK], asyncify_stack[STACK], loop_asyncify_stack[STACK];

static void run(void *message)
{
  printf("%s\n", (const char *)message);
  for (;;) emscripten_fiber_swap(&fiber, &loop);
}

int main(void)
{
  emscripten_fiber_init_from_current_context(&loop, loop_asyncify_stack,
                                             sizeof loop_asyncify_stack);
  emscripten_fiber_init(&fiber, run, "hello", c_stack, STACK, asyncify_stack, STACK);
  emscripten_fiber_swap(&loop, &fiber);
  return 0;
}
