/* The same program as guide_from_asyncio.py: a limit, tasks with names, errors as results. */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

typedef struct order {
  const char *cup;
  double seconds;
} order;

static int brew(void *arg)
{
  const order *self = arg;
  int error = sp_sleep(self->seconds);
  if (error < 0) return error;
  if (strcmp(self->cup, "mocha") == 0) return sp_fail(SP_EUSER, "no milk for a %s", self->cup);
  return (int)strlen(self->cup);
}

static int serve(order *orders, int *results)
{
  sp_task *tasks[3];
  for (int i = 0; i < 3; i++) {
    sp_task_options options = {.name = orders[i].cup};
    tasks[i] = sp_create_task_with(brew, &orders[i], &options);
  }
  sp_timeout limit;
  int error = sp_timeout_open(&limit, 5);
  if (error == 0) error = sp_gather_all(tasks, 3, results);
  return sp_timeout_close(&limit, error);
}

static int run(void *arg)
{
  (void)arg;
  order orders[] = {{"espresso", 0.02}, {"mocha", 0.01}, {"latte", 0.03}};
  int results[3];
  int error = serve(orders, results);
  if (error < 0) return error;
  for (int i = 0; i < 3; i++) {
    printf("%s: %s\n", orders[i].cup, results[i] < 0 ? "failed" : "ready");
  }
  return 0;
}

int main(void) { return sp_run(run, NULL) < 0; }
