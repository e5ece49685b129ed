/* gather: all results in order, the first error at once, and cancellation in both directions. */
#include <stdio.h>

#include "spindle.h"

static int steps(void *count)
{
  int number = *(int *)count;
  for (int i = 0; i < number; i++) {
    int error = sp_sleep(0);
    if (error < 0) {
      printf("  %d cancelled: %s\n", number, sp_error_message());
      return error;
    }
  }
  printf("  %d done\n", number);
  return number == 4 ? sp_fail(SP_EUSER, "four failed") : number;
}

static int counts[] = {3, 1, 2, 4, 6};

static void start(sp_task **tasks, int total)
{
  for (int i = 0; i < total; i++) tasks[i] = sp_create_task(steps, &counts[i]);
}

static void say(const char *what, int result)
{
  printf("%s: %s%s%s\n", what, sp_error_name(result), result < 0 ? ", " : "",
         result < 0 ? sp_error_message() : "");
}

static void all_end_well(void)
{
  sp_task *tasks[4];
  int results[4];
  start(tasks, 3);
  tasks[3] = tasks[0]; /* twice the same */
  say("well", sp_gather(tasks, 4, results));
  printf("%d %d %d %d\n", results[0], results[1], results[2], results[3]);
  say("nothing", sp_gather(NULL, 0, NULL));
}

static void one_fails(void)
{
  sp_task *tasks[5];
  start(tasks, 5);
  sp_task *last = sp_task_ref(tasks[4]);
  say("one fails", sp_gather(tasks, 5, NULL));
  printf("the last goes on: %d\n", sp_await(last));
}

static void errors_too(void)
{
  sp_task *tasks[4];
  int results[4];
  start(tasks, 4);
  sp_task_cancel(tasks[2], NULL);
  say("all", sp_gather_all(tasks, 4, results));
  for (int i = 0; i < 4; i++) printf("%s ", sp_error_name(results[i] < 0 ? results[i] : 0));
  puts("");
}

static void done_before(void)
{
  sp_task *tasks[4];
  start(tasks, 4);
  for (int i = 0; i < 7; i++) sp_sleep(0);
  say("failed before", sp_gather(tasks, 4, NULL));
}

static int gathers(void *all)
{
  sp_task *tasks[2];
  start(tasks, 2);
  int result = *(bool *)all ? sp_gather_all(tasks, 2, NULL) : sp_gather(tasks, 2, NULL);
  say("gathering", result);
  return result;
}

static void cancelled(bool all)
{
  sp_task *task = sp_create_task(gathers, &all);
  sp_sleep(0);
  sp_sleep(0);
  sp_task_cancel(task, "enough");
  say("cancelled", sp_await(task));
}

static int run(void *arg)
{
  (void)arg;
  all_end_well();
  one_fails();
  errors_too();
  done_before();
  cancelled(false);
  cancelled(true);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
