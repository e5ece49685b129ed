/* wait: until all, the first, or the first that fails, or the time is over; nothing is cancelled. */
#include <math.h>
#include <stdio.h>

#include "spindle.h"

typedef struct part {
  const char *name;
  double seconds;
  int result;
} part;

static part parts[] = {{"slow", 0.09, 1}, {"quick", 0.01, 2}, {"bad", 0.05, SP_EUSER}};

static int work(void *arg)
{
  const part *mine = arg;
  int error = sp_sleep(mine->seconds);
  return error < 0 ? error : mine->result;
}

static void wait_for(const char *what, double timeout, sp_wait_until until)
{
  sp_task *tasks[3];
  sp_task_options options = {0};
  for (int i = 0; i < 3; i++) {
    options.name = parts[i].name;
    tasks[i] = sp_create_task_with(work, &parts[i], &options);
  }
  int done = sp_wait(tasks, 3, timeout, until);
  printf("%s: %d done:", what, done);
  for (int i = 0; i < 3; i++)
    printf("%s %s", i == done ? "; pending:" : "", sp_task_name(tasks[i]));
  puts("");
  for (int i = 0; i < 3; i++) {
    sp_task_cancel(tasks[i], NULL);
    sp_await(tasks[i]);
  }
}

/* Those that are done already are not suspended for longer than it takes to tell. */
static int run(void *arg)
{
  (void)arg;
  wait_for("all", INFINITY, SP_ALL_COMPLETED);
  wait_for("first", INFINITY, SP_FIRST_COMPLETED);
  wait_for("failed", INFINITY, SP_FIRST_EXCEPTION);
  wait_for("0.03 s", 0.03, SP_ALL_COMPLETED);
  wait_for("no time", 0, SP_ALL_COMPLETED);

  sp_future *one = sp_future_new();
  sp_future *twice[] = {one, one};
  printf("pending twice: %d\n", sp_wait(twice, 2, 0.01, SP_FIRST_COMPLETED));
  sp_future_set_result(one, 0);
  printf("done twice: %d\n", sp_wait(twice, 2, INFINITY, SP_ALL_COMPLETED));
  sp_future_free(one);
  printf("nothing: %s\n", sp_error_name(sp_wait(NULL, 0, INFINITY, SP_ALL_COMPLETED)));
  return 0;
}

int main(void) { return sp_run(run, NULL); }
