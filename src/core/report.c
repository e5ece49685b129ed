/* Reports of errors that nobody else sees, and of slow callbacks. */
#include <math.h>
#include <stdio.h>

#include "core/future.h"
#include "core/list.h"
#include "core/local.h"
#include "core/loop.h"
#include "core/ready.h"
#include "core/report.h"
#include "core/task.h"
#include "spindle.h"
#include "switch/switch.h"

enum { REPR_CAPACITY = 512 };

void sp_loop_set_exception_handler(sp_loop *loop, sp_exception_handler *handler, void *arg)
{
  loop->handler.fn = handler;
  loop->handler.arg = arg;
}

void sp_loop_default_exception_handler(sp_loop *loop, const sp_report *report)
{
  (void)loop;
  const char *message = report->message ? report->message : "Unhandled exception in event loop";
  fprintf(stderr, "%s\n", message);
  if (report->future) {
    char text[REPR_CAPACITY];
    sp_repr(report->future, text, sizeof text);
    fprintf(stderr, "future: %s\n", text);
    if (report->created) fprintf(stderr, "created at: %s\n", report->created);
  } else if (report->code < 0) {
    const char *what = report->error_message ? report->error_message : sp_strerror(report->code);
    fprintf(stderr, "error: %s(%d, '%s')\n", sp_error_name(report->code), report->code, what);
  }
}

/* As in asyncio, a handler that is called for a task has the task's locals. It may be called in the
 * middle of another task, which releases the failed one, and must not suspend that. */
static void call_handler(sp_loop *loop, const sp_report *report)
{
  sp__binding **slot = loop->current ? &loop->current->locals : &loop->locals.current;
  sp__binding *own = *slot;
  bool of_task = report->future && report->future->kind == SP__TASK;
  if (of_task) *slot = sp__locals_ref(sp__task_of(report->future)->locals);
  sp__unsuspendable_depth++;
  loop->handler.fn(loop, report, loop->handler.arg);
  sp__unsuspendable_depth--;
  if (!of_task) return;
  sp__locals_unref(*slot);
  *slot = own;
}

void sp_loop_call_exception_handler(sp_loop *loop, const sp_report *report)
{
  if (loop->handler.fn) {
    call_handler(loop, report);
  } else {
    sp_loop_default_exception_handler(loop, report);
  }
}

void sp__report(sp_loop *loop, const char *message, sp_future *future)
{
  bool failed = future->state == SP__FINISHED && future->result < 0;
  const char *text = failed && future->detail ? future->detail->text : NULL;
  const char *created = loop->debug.on ? future->created : NULL;
  sp_loop_call_exception_handler(loop, &(sp_report){.message = message,
                                                    .future = future,
                                                    .code = failed ? future->result : 0,
                                                    .error_message = text,
                                                    .created = created});
}

/* --- debug mode --- */

/* Each step is timed, so each is run by the loop. */
void sp_loop_set_debug(sp_loop *loop, bool debug)
{
  loop->debug.on = debug;
  loop->iteration.direct = !debug && sp__switch_is_direct();
}

bool sp_loop_debug(const sp_loop *loop) { return loop->debug.on; }

void sp_loop_set_slow_callback_duration(sp_loop *loop, double seconds)
{
  loop->debug.slow_callback = seconds;
}

double sp_loop_slow_callback_duration(const sp_loop *loop) { return loop->debug.slow_callback; }

/* The task may be freed once its step has run, so its name is copied before. */
void sp__run_timed(sp_loop *loop, sp__runnable *runnable)
{
  char text[REPR_CAPACITY] = "a callback";
  if (sp__runnable_is_step(runnable)) {
    sp_repr(&SP__OWNER(runnable, sp__task, waiter.runnable)->future, text, sizeof text);
  }
  double began = sp_loop_time(loop);
  runnable->run(runnable);
  double took = sp_loop_time(loop) - began;
  if (took < loop->debug.slow_callback) return;
  long long thousandths = llround(took * 1000);
  fprintf(stderr, "Executing %s took %lld.%03lld seconds\n", text, thousandths / 1000,
          thousandths % 1000);
}
