/* Barriers: a number of tasks that wait for each other.
 *
 * A barrier fills until all parties are there, then drains: a task that arrives meanwhile waits
 * until the last has left. A reset fails the waiting tasks; a broken barrier stays so until a
 * reset. */
#include "core/error.h"
#include "spindle.h"

enum { FILLING, DRAINING, RESETTING, BROKEN };

int sp_barrier_init(sp_barrier *barrier, int parties)
{
  if (parties < 1) return sp__fail(SP_EINVAL, "parties must be >= 1");
  *barrier = (sp_barrier){.parties = parties};
  return 0;
}

static int may_enter(void *arg)
{
  const sp_barrier *barrier = arg;
  return barrier->state != DRAINING && barrier->state != RESETTING;
}

static int may_leave(void *arg) { return ((const sp_barrier *)arg)->state != FILLING; }

static int enter(sp_barrier *barrier, const char *where)
{
  int result = sp_condition_wait_for_from(&barrier->condition, may_enter, barrier, where);
  if (result < 0) return result;
  return barrier->state == BROKEN ? sp__fail(SP_EBROKEN, "Barrier aborted") : 0;
}

static int wait_for_others(sp_barrier *barrier, const char *where)
{
  int result = sp_condition_wait_for_from(&barrier->condition, may_leave, barrier, where);
  if (result < 0) return result;
  return barrier->state == DRAINING ? 0 : sp__fail(SP_EBROKEN, "Abort or reset of barrier");
}

/* The last task to leave opens the barrier again. */
static void leave(sp_barrier *barrier)
{
  if (--barrier->count > 0) return;
  if (barrier->state != BROKEN) barrier->state = FILLING;
  sp_condition_notify_all(&barrier->condition);
}

/* The caller holds the lock. */
static int take_part(sp_barrier *barrier, const char *where)
{
  int error = enter(barrier, where);
  if (error < 0) return error;
  int number = barrier->count++;
  if (number + 1 == barrier->parties) {
    barrier->state = DRAINING;
    sp_condition_notify_all(&barrier->condition);
  } else {
    error = wait_for_others(barrier, where);
  }
  leave(barrier);
  return error < 0 ? error : number;
}

int sp_barrier_wait_from(sp_barrier *barrier, const char *where)
{
  int error = sp_condition_acquire_from(&barrier->condition, where);
  if (error < 0) return error;
  int result = take_part(barrier, where);
  sp_condition_release(&barrier->condition);
  return result;
}

static int change_state(sp_barrier *barrier, int occupied, int empty, const char *where)
{
  int error = sp_condition_acquire_from(&barrier->condition, where);
  if (error < 0) return error;
  barrier->state = barrier->count > 0 ? occupied : empty;
  sp_condition_notify_all(&barrier->condition);
  return sp_condition_release(&barrier->condition);
}

int sp_barrier_reset_from(sp_barrier *barrier, const char *where)
{
  return change_state(barrier, RESETTING, FILLING, where);
}

int sp_barrier_abort_from(sp_barrier *barrier, const char *where)
{
  return change_state(barrier, BROKEN, BROKEN, where);
}

int sp_barrier_parties(const sp_barrier *barrier) { return barrier->parties; }

int sp_barrier_n_waiting(const sp_barrier *barrier)
{
  return barrier->state == FILLING ? barrier->count : 0;
}

bool sp_barrier_broken(const sp_barrier *barrier) { return barrier->state == BROKEN; }
