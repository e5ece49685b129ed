/* Task-locals where no loop runs, in calls that never come, and set a thousand times in turn. */
#include <stdio.h>

#include "spindle.h"

enum { VARIABLES = 5, TIMES = 1000 };

static int zero;
static sp_local variables[VARIABLES];
static int values[TIMES];

static void never(void *arg)
{
  (void)arg;
  printf("never\n");
}

static int sums_up(void *arg)
{
  int sum = 0;
  for (int i = 0; i < VARIABLES; i++) sum += *(int *)sp_local_get(&variables[i]);
  *(int *)arg = sum;
  return sp_local_set(&variables[0], &zero);
}

static int run(void *arg)
{
  (void)arg;
  int sums[TIMES / 100];
  for (int i = 0; i < TIMES; i++) {
    values[i] = i;
    sp_local_set(&variables[i % VARIABLES], &values[i]);
    if (i % 100 == 99) sp_task_detach(sp_create_task(sums_up, &sums[i / 100]));
  }
  sp_sleep(0);
  for (int i = 0; i < TIMES / 100; i++) printf("%d\n", sums[i]);
  printf("%d\n", *(int *)sp_local_get(&variables[0]));
  sp_handle_cancel(sp_loop_call_soon(sp_loop_running(), never, NULL));
  sp_handle_cancel(sp_loop_call_later(sp_loop_running(), 5, never, NULL));
  sp_loop_call_later(sp_loop_running(), 9, never, NULL);
  return 0;
}

int main(void)
{
  for (int i = 0; i < VARIABLES; i++) variables[i] = (sp_local){"variable", &zero};
  printf("outside: %d\n", *(int *)sp_local_get(&variables[0]));
  int error = sp_local_set(&variables[0], &values[1]);
  printf("outside: %s: %s\n", sp_error_name(error), sp_error_message());
  return sp_run(run, NULL);
}
