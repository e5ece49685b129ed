/* Functions that run in threads. */
#ifndef SP_CORE_WORK_H
#define SP_CORE_WORK_H

#include "core/executor.h"
#include "core/local.h"
#include "core/op.h"
#include "spindle.h"

typedef struct sp__work sp__work;
struct sp__work {
  sp__op op;
  int (*fn)(void *arg);
  void *arg;
  sp__binding *locals; /* what the function sees */
  int result;
  char *message; /* of an error; freed with it */
  sp__job job;
  sp_handle call;            /* used where there are no threads */
  sp_executor *executor;     /* the pool that runs it */
  sp__work *previous, *next; /* all works of the loop */
};

/* When the loop is closed: takes back those that have not begun, and waits for the others. */
void sp__works_close(sp_loop *loop);

#endif
