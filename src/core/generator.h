/* Generators: a coroutine that a task asks for values. */
#ifndef SP_CORE_GENERATOR_H
#define SP_CORE_GENERATOR_H

#include "spindle.h"
#include "switch/coroutine.h"

/* Frees the remaining generators as they are, when the loop is closed. */
void sp__generators_free_all(sp_loop *loop);

/* A producer by its coroutine: the name of its function, and the coroutine that asked. */
const char *sp__producer_name(const sp__coroutine *coroutine);
const sp__coroutine *sp__producer_asker(const sp__coroutine *coroutine);

#endif
