/* Tasks that end together: when one fails the others are cancelled, and no error is lost. */
#include <stdio.h>

#include "spindle.h"

typedef struct job {
  const char *name;
  double seconds;
  bool fails;
} job;

static int work(void *arg)
{
  const job *mine = arg;
  int error = sp_sleep(mine->seconds);
  printf("%s: %s\n", mine->name, error < 0 ? "cancelled" : mine->fails ? "fails" : "done");
  if (error < 0) return error;
  return mine->fails ? sp_fail(SP_EIO, "%s broke", mine->name) : 0;
}

static int together(job *jobs, int count)
{
  sp_task_group group;
  int result = sp_task_group_open(&group);
  if (result < 0) return result;
  for (int i = 0; result >= 0 && i < count; i++) {
    result = sp_task_group_spawn(&group, work, &jobs[i]);
  }
  return sp_task_group_close(&group, result);
}

static int factory(void *arg)
{
  (void)arg;
  job good[] = {{"saw", 0.02, false}, {"drill", 0.01, false}};
  job bad[] = {{"lathe", 1, false}, {"press", 0.02, true}};
  printf("the first group: %d\n", together(good, 2));
  printf("the second group: %s\n", sp_error_name(together(bad, 2)));
  const sp_error_group *errors = sp_last_error_group();
  for (size_t i = 0; i < errors->count; i++) printf("  %s\n", errors->errors[i].message);
  return 0;
}

int main(void) { return sp_run(factory, NULL); }
