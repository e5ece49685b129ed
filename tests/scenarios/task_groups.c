/* Task groups: all tasks end before the close, whoever is cancelled; late and refused tasks. */
#include <stdio.h>

#include "spindle.h"

static int nap(void *name)
{
  int error = sp_sleep(((char *)name)[0] == 's' ? 1 : 0.02);
  printf("  %s %s\n", (char *)name, error < 0 ? "cancelled" : "done");
  return error;
}

static int adds(void *group)
{
  sp_sleep(0.01);
  printf("  added by a task: %d\n", sp_task_group_spawn(group, nap, "late"));
  return 0;
}

static void all_end(void)
{
  sp_task_group group;
  sp_task_group_open(&group);
  sp_task *one = sp_task_group_create_task(&group, nap, "one");
  sp_task_group_spawn(&group, adds, &group);
  sp_task_options eager = {.eager_start = true};
  sp_task_group_spawn_from(&group, nap, "eager", &eager, "nap", SP_HERE);
  printf("closed: %d\n", sp_task_group_close(&group, 5));
  printf("one: %d\n", sp_await(one));
  int late = sp_task_group_spawn(&group, nap, "too late");
  printf("too late: %s: %s\n", sp_error_name(late), sp_error_message());
}

/* The cancellation comes in the close, or before it. */
static int waits(void *in_body)
{
  sp_task_group group;
  sp_task_group_open(&group);
  sp_task_group_spawn(&group, nap, "slow");
  sp_task_group_spawn(&group, nap, "snail");
  int result = *(bool *)in_body ? sp_sleep(1) : 0;
  result = sp_task_group_close(&group, result);
  printf("closed: %s: %s, cancelling %d\n", sp_error_name(result), sp_error_message(),
         sp_task_cancelling(sp_task_current()));
  return result;
}

static void cancelled(bool in_body)
{
  sp_task *task = sp_create_task(waits, &in_body);
  sp_sleep(0.01);
  sp_task_cancel(task, "enough");
  printf("awaited: %s\n", sp_error_name(sp_await(task)));
}

static int refuses(void *arg)
{
  sp_task_group *group = arg;
  sp_sleep(1);
  int refused = sp_task_group_spawn(group, nap, "more");
  printf("  refused: %s: %s\n", sp_error_name(refused), sp_error_message());
  return 0;
}

static void one_is_cancelled(void)
{
  sp_task_group group;
  sp_task_group_open(&group);
  sp_task *slow = sp_task_group_create_task(&group, nap, "slow");
  sp_task_group_spawn(&group, nap, "quick");
  sp_sleep(0);
  sp_task_cancel(slow, NULL);
  sp_task_detach(slow);
  printf("one cancelled: %d\n", sp_task_group_close(&group, 0));
}

static void shutting_down(void)
{
  sp_task_group group;
  sp_task_group_open(&group);
  sp_task_group_spawn(&group, refuses, &group);
  sp_sleep(0.01);
  int result = sp_task_group_close(&group, sp_fail(SP_EUSER, "body"));
  printf("closed: %s: %s\n", sp_error_name(result), sp_error_message());
}

static int run(void *arg)
{
  (void)arg;
  all_end();
  cancelled(false);
  cancelled(true);
  one_is_cancelled();
  shutting_down();
  return 0;
}

int main(void)
{
  sp_task_group group;
  printf("no task: %s\n", sp_error_name(sp_task_group_open(&group)));
  return sp_run(run, NULL);
}
