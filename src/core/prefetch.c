/* Prefetching what will run soon.
 *
 * Of many thousand tasks hardly one is still in the processor's caches when it runs, and each step
 * would wait for memory several times. So while others run, what is some steps ahead is prefetched:
 * first the runnable and what is around it, then, once that is there, what it points to. */
#include "core/call.h"
#include "core/list.h"
#include "core/ready.h"
#include "core/step.h"
#include "core/task.h"

enum { LINE = 64, FAR = 12, NEAR = 6 };

static void fetch(const void *at, int lines)
{
  for (int i = 0; i < lines; i++) __builtin_prefetch((const char *)at + i * LINE);
}

void sp__loop_prefetch(const sp__ready *ready)
{
  const sp__runnable *near = ready->ring[(ready->head + NEAR) & ready->mask];
  const char *far = (const char *)ready->ring[(ready->head + FAR) & ready->mask];
  fetch(far - LINE, 2);
  if (near->run == sp__task_step) {
    fetch(SP__OWNER(near, sp__task, waiter.runnable)->coroutine.context.pointer, 3);
  } else if (near->run == sp__call_run) {
    fetch(SP__OWNER(near, sp__call, runnable)->arg, 2);
  }
}
