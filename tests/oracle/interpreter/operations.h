/* The operations, by files: each is named as in the table of operations.c. */
#ifndef ORACLE_OPERATIONS_H
#define ORACLE_OPERATIONS_H

#include "run.h"

#define OPERATIONS(X)                                                                              \
  /* blocks.c */                                                                                   \
  X(loop)                                                                                          \
  X(with)                                                                                          \
  X(group)                                                                                         \
  X(timeout) X(timeoutat) X(each) X(try) /* control.c */                                           \
      X(call) X(return ) X(raise) X(reraise) X(soon) X(later) X(at) X(drop) X(when) X(watch)       \
          X(unwatch) X(add) X(setlocal) X(getlocal) /* tasks.c */                                  \
      X(spawn) X(name) X(rename) X(cancel) X(uncancel) X(cancelling) X(await) X(done) X(cancelled) \
          X(result) X(error) X(set) X(fail) X(sleep) X(current) X(all)           /* waits.c */     \
      X(gather) X(gatherall) X(wait) X(waitfor) X(shield) X(reschedule) X(limit) /* sync.c */      \
      X(acquire) X(release) X(locked) X(ewait) X(eset) X(eclear) X(eisset) X(cwait) X(cwaitfor)    \
          X(notify) X(notifyall) X(bwait) X(breset) X(babort) X(bstate) X(put) X(get) X(tryput)    \
              X(tryget) X(taskdone) X(join) X(shutdown) X(qstate) /* generators.c */               \
      X(open) X(next) X(throw) X(close) X(free) X(yield)

#define DECLARE(name) operation op_##name;
OPERATIONS(DECLARE)
#undef DECLARE

/* What a task runs; arg is its `spawned`. */
int task_body(void *arg);

int acquire(o_run *run, const char *name);
int release(o_run *run, const char *name);

/* For priority queues. */
int compare_items(const void *a, const void *b);

#endif
