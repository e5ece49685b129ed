/* SP_EGROUP: every error of a group, in the order in which they came, and groups inside groups. */
#include <stdio.h>

#include "spindle.h"

static int fails_at_once(void *name) { return sp_fail(SP_EUSER, "%s", (char *)name); }

/* Fails while it is being cancelled. */
static int fails_late(void *name)
{
  sp_sleep(1);
  return sp_fail(SP_EIO, "%s", (char *)name);
}

static int inner(void *arg)
{
  (void)arg;
  sp_task_group group;
  int result = sp_task_group_open(&group);
  if (result < 0) return result;
  sp_task_group_spawn(&group, fails_late, "inner late");
  sp_task_group_spawn(&group, fails_at_once, "inner at once");
  return sp_task_group_close(&group, sp_sleep(1));
}

static void print_group(const sp_error_group *group, int depth)
{
  for (size_t i = 0; i < group->count; i++) {
    const sp_error_entry *entry = &group->errors[i];
    printf("%*s%s: %s\n", depth * 2, "", sp_error_name(entry->code), entry->message);
    if (entry->group) print_group(entry->group, depth + 1);
  }
}

static void close_group(sp_task_group *group, int result)
{
  result = sp_task_group_close(group, result);
  printf("%s: %s\n", sp_error_name(result), sp_error_message());
  print_group(sp_last_error_group(), 1);
  printf("cancelling %d\n", sp_task_cancelling(sp_task_current()));
}

static int passes_on(void *arg)
{
  (void)arg;
  sp_task_group group;
  sp_task_group_open(&group);
  sp_task_group_spawn(&group, inner, NULL);
  sp_task_group_spawn(&group, fails_late, "outer late");
  return sp_task_group_close(&group, 0);
}

static int run(void *arg)
{
  (void)arg;
  sp_task_group group;
  sp_task_group_open(&group);
  sp_task_group_spawn(&group, fails_late, "late");
  sp_task_group_spawn(&group, fails_at_once, "at once");
  sp_sleep(0);
  sp_sleep(0);
  close_group(&group, sp_fail(SP_ETIMEDOUT, "the body"));

  sp_task_group_open(&group);
  sp_task_group_spawn(&group, inner, NULL);
  close_group(&group, 0);

  int result = sp_await(sp_create_task(passes_on, NULL));
  printf("awaited: %s: %s\n", sp_error_name(result), sp_error_message());
  print_group(sp_last_error_group(), 1);
  sp_sleep(-1);
  printf("after an error of another kind: ");
  sp_await(NULL);
  printf("%s\n", sp_last_error_group() ? "a group" : "none");
  return 0;
}

int main(void) { return sp_run(run, NULL); }
