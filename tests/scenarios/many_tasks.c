/* Tasks come and go by the hundred thousand, and thousands live at once, each with its own stack.
 */
#include <stdio.h>

#include "spindle.h"

enum { ALIVE = 5000, ROUNDS = 20 };

static int add(void *arg)
{
  int mine = *(int *)arg;
  sp_sleep(0);
  sp_sleep(mine % 7 ? 0 : 0.001);
  return mine;
}

static int run(void *arg)
{
  (void)arg;
  static int numbers[ALIVE];
  static sp_task *tasks[ALIVE];
  sp_task_options options = {.stack_size = 12288};
  long long sum = 0;
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < ALIVE; i++) {
      numbers[i] = i;
      tasks[i] = sp_create_task_with(add, &numbers[i], &options);
    }
    for (int i = 0; i < ALIVE; i++) sum += sp_await(tasks[i]);
  }
  printf("%lld\n", sum);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
