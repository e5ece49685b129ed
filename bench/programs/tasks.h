/* What the measured programs share that have many tasks run to their end. */
#ifndef TASKS_H
#define TASKS_H

#include <spindle.h>

/* Creates `count` tasks, then awaits each. `tasks` has room for them. Suspends. 0, or the first error. */
static inline int run_tasks(sp_task **tasks, int count, sp_coroutine *fn)
{
  for (int i = 0; i < count; i++) {
    tasks[i] = sp_create_task(fn, NULL);
    if (!tasks[i]) return SP_ENOMEM;
  }
  for (int i = 0; i < count; i++) {
    int error = sp_await(tasks[i]);
    if (error < 0) return error;
  }
  return 0;
}

#endif
