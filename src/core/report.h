/* Reports of errors that nobody else sees. */
#ifndef SP_CORE_REPORT_H
#define SP_CORE_REPORT_H

#include "core/ready.h"
#include "spindle.h"

/* Reports an error that nobody else sees to the exception handler. */
void sp__report(sp_loop *loop, const char *message, sp_future *future);

/* Runs a runnable in debug mode: reports it if it was slow. */
void sp__run_timed(sp_loop *loop, sp__runnable *runnable);

#endif
