/* Timeouts: a deadline that cancels its task, and recognizes that cancellation at the close. */
#include <math.h>
#include <stdio.h>

#include "core/call.h"
#include "core/cancel.h"
#include "core/error.h"
#include "core/future.h"
#include "core/loop.h"
#include "core/task.h"
#include "spindle.h"

enum { CREATED, ACTIVE, EXPIRING, EXPIRED, CLOSED, MESSAGE_CAPACITY = 64 };

static sp_handle timer_of(const sp_timeout *limit)
{
  return (sp_handle){.call = limit->timer, .generation = limit->timer_generation};
}

static void on_timeout(void *arg)
{
  sp_timeout *limit = arg;
  limit->timer = NULL;
  sp__future_cancel(limit->task, NULL);
  limit->state = EXPIRING;
}

/* Creates the new timer first: if there is no memory for it the old one stays. */
static int schedule(sp_timeout *limit, double when)
{
  sp_loop *loop = limit->task->loop;
  sp_handle timer = {.call = NULL, .generation = 0};
  if (when != INFINITY) {
    bool over = when <= sp_loop_time(loop);
    timer =
        over ? sp__call_soon(loop, on_timeout, limit) : sp__call_at(loop, when, on_timeout, limit);
    if (!timer.call) return SP_ENOMEM;
  }
  sp_handle_cancel(timer_of(limit));
  limit->when = when;
  limit->timer = timer.call;
  limit->timer_generation = timer.generation;
  return 0;
}

static int open_at(sp_timeout *limit, sp__task *task, double when)
{
  *limit = (sp_timeout){.task = &task->future, .state = CREATED};
  if (isnan(when)) return sp__fail(SP_EINVAL, "Invalid delay: NaN (not a number)");
  int error = schedule(limit, when);
  if (error < 0) return error;
  limit->cancelling = task->cancels;
  limit->state = ACTIVE;
  return 0;
}

static int refuse(sp_timeout *limit)
{
  *limit = (sp_timeout){.when = INFINITY, .state = CREATED};
  return sp__fail(SP_ENOTASK, "Timeout should be used inside a task");
}

int sp_timeout_open_at(sp_timeout *limit, double when)
{
  sp__task *task = sp__task_running();
  return task ? open_at(limit, task, when) : refuse(limit);
}

int sp_timeout_open(sp_timeout *limit, double seconds)
{
  sp__task *task = sp__task_running();
  if (!task) return refuse(limit);
  return open_at(limit, task, sp_loop_time(task->future.loop) + seconds);
}

int sp_timeout_close(sp_timeout *limit, int result)
{
  sp_handle_cancel(timer_of(limit));
  limit->timer = NULL;
  if (limit->state == ACTIVE) limit->state = CLOSED;
  if (limit->state != EXPIRING) return result;
  limit->state = EXPIRED;
  bool is_ours = sp_task_uncancel(limit->task) <= limit->cancelling;
  return is_ours && result == SP_ECANCELED ? sp__fail(SP_ETIMEDOUT, NULL) : result;
}

int sp_timeout_reschedule(sp_timeout *limit, double when)
{
  static const char *const names[] = {"", "active", "expiring", "expired", "finished"};
  if (limit->state == CREATED) return sp__fail(SP_EINVALIDSTATE, "Timeout has not been entered");
  if (limit->state != ACTIVE) {
    char message[MESSAGE_CAPACITY];
    snprintf(message, sizeof message, "Cannot change state of %s Timeout", names[limit->state]);
    return sp__fail(SP_EINVALIDSTATE, message);
  }
  if (isnan(when)) return sp__fail(SP_EINVAL, "Invalid delay: NaN (not a number)");
  return schedule(limit, when);
}

double sp_timeout_when(const sp_timeout *limit) { return limit->when; }

bool sp_timeout_expired(const sp_timeout *limit)
{
  return limit->state == EXPIRING || limit->state == EXPIRED;
}
