/* What is in an error group: the codes and messages in the order in which they came, and groups in
 * groups; it passes through tasks with its error. */
#include <stdio.h>

#include "spindle.h"

static int fails(void *message)
{
  int error = sp_sleep(0);
  return error < 0 ? error : sp_fail(SP_EUSER, "%s", (const char *)message);
}

static int inner(void *arg)
{
  (void)arg;
  sp_task_group group;
  int result = sp_task_group_open(&group);
  if (result < 0) return result;
  sp_task_group_spawn(&group, fails, "inner one");
  sp_task_group_spawn(&group, fails, "inner two");
  return sp_task_group_close(&group, 0);
}

static int outer(void *arg)
{
  (void)arg;
  sp_task_group group;
  int result = sp_task_group_open(&group);
  if (result < 0) return result;
  sp_task_group_spawn(&group, inner, NULL);
  sp_sleep(0);
  return sp_task_group_close(&group, sp_fail(SP_EUSER, "the body"));
}

static int outermost(void *arg)
{
  (void)arg;
  sp_task_group group;
  int result = sp_task_group_open(&group);
  if (result < 0) return result;
  sp_task_group_spawn(&group, inner, NULL);
  return sp_task_group_close(&group, 0);
}

static void show(const sp_error_group *group, int depth)
{
  for (size_t i = 0; group && i < group->count; i++) {
    const sp_error_entry *entry = &group->errors[i];
    printf("%*s%s\n", 2 * depth, "", entry->group ? "a group" : entry->message);
    show(entry->group, depth + 1);
  }
}

static void awaited(sp_coroutine *fn)
{
  printf("%d\n", sp_await(sp_create_task(fn, NULL)) == SP_EGROUP);
  show(sp_last_error_group(), 1);
}

static int run(void *arg)
{
  (void)arg;
  printf("none: %d\n", sp_last_error_group() == NULL);
  awaited(inner);
  awaited(outer);
  awaited(outermost);
  sp_task *task = sp_create_task(inner, NULL);
  for (int i = 0; i < 6; i++) sp_sleep(0);
  sp_fail(SP_EUSER, "another error");
  printf("gone: %d\n", sp_last_error_group() == NULL);
  printf("exception: %d\n", sp_future_error(task) == SP_EGROUP);
  show(sp_last_error_group(), 1);
  sp_task_detach(task);
  return 0;
}

int main(void)
{
  int result = sp_run(run, NULL);
  printf("outside tasks: %d\n", sp_last_error_group() == NULL);
  return result;
}
