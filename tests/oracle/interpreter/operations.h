/* The operations: operations.def has their names, and the files in which op_NAME is. */
#ifndef ORACLE_OPERATIONS_H
#define ORACLE_OPERATIONS_H

#include "run.h"

#define OPERATION(name) operation op_##name;
#include "operations.def"
#undef OPERATION

/* What a task runs; arg is its `spawned`. */
int task_body(void *arg);

int acquire(o_run *run, const char *name);
int release(o_run *run, const char *name);

/* For priority queues. */
int compare_items(const void *a, const void *b);

#endif
