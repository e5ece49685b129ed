/* A cancellation reaches the end of what it goes through, however deep: gatherings, chains of awaits,
 * error groups in each other. */
#include <stdio.h>

#include "spindle.h"

enum { DEEP = 10000, STACK = 8192 };

static const sp_task_options small = {.stack_size = STACK};

static int cancelled;

static int gathers(void *arg)
{
  int depth = *(int *)arg;
  int below = depth - 1;
  if (depth == 0) {
    int result = sp_sleep(3600);
    printf("the innermost: %s\n", sp_error_name(result));
    return result;
  }
  sp_task *child = sp_create_task_with(gathers, &below, &small);
  if (!child) return SP_ENOMEM;
  int result = sp_gather(&child, 1, NULL);
  if (result == SP_ECANCELED) cancelled++;
  return result;
}

static int awaits(void *arg)
{
  int depth = *(int *)arg;
  int below = depth - 1;
  if (depth == 0) return sp_sleep(3600);
  sp_task *child = sp_create_task_with(awaits, &below, &small);
  if (!child) return SP_ENOMEM;
  int result = sp_await(child);
  if (result == SP_ECANCELED) cancelled++;
  return result;
}

static int groups(void *arg)
{
  int depth = *(int *)arg;
  int below = depth - 1;
  if (depth == 0) return sp_fail(SP_EIO, "at the bottom");
  sp_task_group group;
  int error = sp_task_group_open(&group);
  if (error < 0) return error;
  error = sp_task_group_spawn_from(&group, groups, &below, &small, "groups", SP_HERE);
  return sp_task_group_close(&group, error);
}

static int cancel_after_all_wait(sp_coroutine *fn)
{
  int depth = DEEP;
  cancelled = 0;
  sp_task *outermost = sp_create_task_with(fn, &depth, &small);
  if (!outermost) return SP_ENOMEM;
  for (int i = 0; i < DEEP + 2; i++) sp_sleep(0);
  sp_task_cancel(outermost, NULL);
  return sp_await(outermost);
}

static int depth_of(const sp_error_group *group)
{
  int depth = 0;
  for (; group; group = group->errors[0].group) depth++;
  return depth;
}

static int run(void *arg)
{
  (void)arg;
  int result = cancel_after_all_wait(gathers);
  printf("gatherings: %s, %d cancelled\n", sp_error_name(result), cancelled);
  result = cancel_after_all_wait(awaits);
  printf("awaits: %s, %d cancelled\n", sp_error_name(result), cancelled);
  int depth = DEEP;
  sp_task *outermost = sp_create_task_with(groups, &depth, &small);
  if (!outermost) return SP_ENOMEM;
  result = sp_await(outermost);
  printf("groups: %s, %d in each other\n", sp_error_name(result), depth_of(sp_last_error_group()));
  return 0;
}

int main(void) { return sp_run(run, NULL); }
