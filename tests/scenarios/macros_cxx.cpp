/* A coroutine may be a lambda, with commas of its own. */
#include <cstdio>

#include "spindle.h"

int main()
{
  return sp_run(
      [](void *) {
        int first = 1, second = 2;
        sp_task *task = sp_create_task(
            [](void *arg) {
              int more[] = {10, 20};
              return *static_cast<int *>(arg) + more[1];
            },
            &first);
        std::printf("%d, %d\n", sp_await(task), second);
        return 0;
      },
      nullptr);
}
