/* as_completed: in the order in which they are done, each once, within a limit for the whole. */
#include <math.h>
#include <stdio.h>

#include "spindle.h"

static int nap(void *hundredths)
{
  int error = sp_sleep(*(int *)hundredths / 100.0);
  return error < 0 ? error : *(int *)hundredths;
}

static int times[] = {7, 1, 4};

static void iterate(const char *what, sp_task **tasks, size_t count, double timeout, int most)
{
  sp_as_completed each;
  sp_task *done;
  int more = sp_as_completed_open(&each, tasks, count, timeout);
  printf("%s:", what);
  for (int i = 0; more >= 0 && i < most; i++) {
    more = sp_as_completed_next(&each, &done);
    if (more <= 0) break;
    printf(" %d", sp_future_result(done));
  }
  printf(" %s\n", more < 0 ? sp_error_name(more) : more == 0 ? "end" : "left");
  sp_as_completed_close(&each);
}

static void let_go(sp_task **tasks)
{
  for (int i = 0; i < 3; i++) {
    sp_task_cancel(tasks[i], NULL);
    sp_await(tasks[i]);
  }
}

static int run(void *arg)
{
  (void)arg;
  sp_task *tasks[4];
  for (int i = 0; i < 3; i++) tasks[i] = sp_create_task(nap, &times[i]);
  tasks[3] = tasks[1]; /* stands there twice, comes once */
  iterate("some", tasks, 4, INFINITY, 1);
  iterate("the limit", tasks, 3, 0.015, 9);
  iterate("all", tasks, 4, INFINITY, 9);
  iterate("all again", tasks, 3, INFINITY, 9);
  iterate("none", NULL, 0, 1, 9);
  let_go(tasks);
  return 0;
}

int main(void)
{
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.virtual_clock = true});
  int result = sp_loop_run(loop, run, NULL);
  sp_loop_free(loop);
  return result;
}
