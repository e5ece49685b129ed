/* What went wrong where nobody was there to be told. */
#ifndef SP_CORE_REPORT_H
#define SP_CORE_REPORT_H

#include "core/ready.h"
#include "spindle.h"

/* Tells the exception handler of something that nobody else was told. */
void sp__report(sp_loop *loop, const char *message, sp_future *future);

/* Debug mode's way to run a runnable: complains when it was slow. */
void sp__run_timed(sp_loop *loop, sp__runnable *runnable);

#endif
