/* Generators: a coroutine of its own that a task asks for values. */
#ifndef SP_CORE_GENERATOR_H
#define SP_CORE_GENERATOR_H

#include "spindle.h"
#include "switch/coroutine.h"

/* At the loop's end: frees those that are left, as they are. */
void sp__generators_free_all(sp_loop *loop);

/* A producer, by its coroutine: its function, and where its task asked. */
const char *sp__producer_name(const sp__coroutine *coroutine);
const sp__coroutine *sp__producer_asker(const sp__coroutine *coroutine);

#endif
