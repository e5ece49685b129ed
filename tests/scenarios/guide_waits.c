/* Many things at once: gather for all their results, as_completed for each as soon as it is there. */
#include <math.h>
#include <stdio.h>

#include "spindle.h"

typedef struct dish {
  const char *name;
  double seconds;
  int price;
} dish;

static dish menu[] = {{"soup", 0.08, 4}, {"salad", 0.02, 5}, {"pasta", 0.05, 9}};

static int cook(void *arg)
{
  const dish *ordered = arg;
  int error = sp_sleep(ordered->seconds);
  return error < 0 ? error : ordered->price;
}

static void order(sp_task *tasks[3])
{
  for (int i = 0; i < 3; i++) tasks[i] = sp_create_task(cook, &menu[i]);
}

static int dinner(void *arg)
{
  (void)arg;
  sp_task *tasks[3], *done;
  int prices[3];
  order(tasks);
  if (sp_gather(tasks, 3, prices) < 0) return 1;
  for (int i = 0; i < 3; i++) printf("%s: %d\n", menu[i].name, prices[i]);
  order(tasks);
  sp_as_completed each;
  int more = sp_as_completed_open(&each, tasks, 3, INFINITY);
  while (more >= 0 && (more = sp_as_completed_next(&each, &done)) > 0) {
    printf("served for %d\n", sp_await(done));
  }
  sp_as_completed_close(&each);
  return more;
}

int main(void) { return sp_run(dinner, NULL); }
