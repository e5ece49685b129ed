/* Task-locals: what a task or a callback inherits from the one that made it. */
#ifndef SP_CORE_LOCAL_H
#define SP_CORE_LOCAL_H

#include "spindle.h"

/* What a task or a callback has set or inherited; NULL: nothing. */
typedef struct sp__binding sp__binding;

/* Returns a reference to the bindings of the running task, callback or function in a thread, for
 * what it creates. */
sp__binding *sp__locals_inherit(void);

/* Both do nothing if NULL. From any thread. */
sp__binding *sp__locals_ref(sp__binding *bindings);
void sp__bindings_unref(sp__binding *bindings);

static inline void sp__locals_unref(sp__binding *bindings)
{
  if (bindings) sp__bindings_unref(bindings);
}

/* Sets what a function running in this thread, outside any loop, sees. They remain the caller's. */
void sp__locals_lend(sp__binding *bindings);

/* Begins a callback with `bindings`, of which it takes ownership, or ends one (NULL). Drops the
 * previous ones. */
void sp__locals_enter(sp_loop *loop, sp__binding *bindings);

#endif
