/* Task-locals: what a task or a callback inherits from the one that made it. */
#ifndef SP_CORE_LOCAL_H
#define SP_CORE_LOCAL_H

#include "spindle.h"

/* What a task or a callback has set or inherited; NULL: nothing. */
typedef struct sp__binding sp__binding;

/* A share of what the running task, callback or function in a thread has, for what it makes. */
sp__binding *sp__locals_inherit(void);

/* NULL is nothing, and is let be. From any thread. */
sp__binding *sp__locals_ref(sp__binding *bindings);
void sp__bindings_unref(sp__binding *bindings);

static inline void sp__locals_unref(sp__binding *bindings)
{
  if (bindings) sp__bindings_unref(bindings);
}

/* What a function sees that runs in this thread, outside any loop. They stay the caller's. */
void sp__locals_lend(sp__binding *bindings);

/* A callback begins with these, which are given away, or is over: NULL. Drops what was there. */
void sp__locals_enter(sp_loop *loop, sp__binding *bindings);

#endif
