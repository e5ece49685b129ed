/* Behaviours of Ctrl-C: it cancels the main task of a run. In true time, which signals come in.
 * @targets native */
#define _POSIX_C_SOURCE 200809L /* before any include: signal masks */
#include <pthread.h>
#include <signal.h>

#include "behaviours.h"

static void interrupt(void *arg)
{
  (void)arg;
  raise(SIGINT);
}

static int run_in_true_time(sp_coroutine *fn, void *arg)
{
  sp_loop *loop = sp_loop_new(NULL);
  sp_loop_call_later(loop, 0.01, interrupt, NULL);
  int result = sp_loop_run(loop, fn, arg);
  CHECK_EQ(sp_loop_free(loop), 0);
  return result;
}

static int yield_for_ever(void *arg)
{
  (void)arg;
  int result = 0;
  while (result == 0) result = sp_sleep(0);
  CHECK_EQ(result, SP_ECANCELED);
  return result;
}

BEHAVIOUR_OUTSIDE(interrupt_stops_a_task_that_yields,
                  "Ctrl-C cancels a main task that never waits for anything")
{
  CHECK_ERROR(run_in_true_time(yield_for_ever, NULL), SP_EINTERRUPTED, "interrupted");
}

static int await_what_never_comes(void *arg)
{
  (void)arg;
  sp_future *never = sp_future_new();
  int result = sp_await(never);
  CHECK_EQ(result, SP_ECANCELED);
  CHECK(sp_future_cancelled(never));
  sp_future_free(never);
  return result;
}

BEHAVIOUR_OUTSIDE(interrupt_cancels_the_awaited_future,
                  "Ctrl-C cancels the main task and the future that it awaits")
{
  CHECK_ERROR(run_in_true_time(await_what_never_comes, NULL), SP_EINTERRUPTED, "interrupted");
}

static int cancel_and_interrupt(void *main_task)
{
  CHECK_EQ(sp_sleep(0), 0);
  CHECK(sp_task_cancel(main_task, NULL));
  interrupt(NULL);
  return 0;
}

static int be_cancelled_twice(void *arg)
{
  (void)arg;
  sp_task_detach(sp_create_task(cancel_and_interrupt, sp_task_current()));
  CHECK_EQ(sp_sleep(10), SP_ECANCELED);
  bool signal_came = sp_task_cancelling(sp_task_current()) == 2;
  if (!signal_came) CHECK_EQ(sp_sleep(10), SP_ECANCELED);
  CHECK_EQ(sp_task_cancelling(sp_task_current()), 2);
  return SP_ECANCELED;
}

BEHAVIOUR_OUTSIDE(interrupt_of_a_cancelled_task_is_a_cancellation,
                  "Ctrl-C for a main task that was cancelled before does not hide that")
{
  CHECK_EQ(sp_run(be_cancelled_twice, NULL), SP_ECANCELED);
}

static int return_7(void *arg)
{
  (void)arg;
  CHECK_EQ(sp_sleep(0.001), 0);
  return 7;
}

static void *run_in_thread(void *result)
{
  *(int *)result = sp_run(return_7, NULL);
  return NULL;
}

BEHAVIOUR_OUTSIDE(run_needs_no_signals, "a thread that lets no signal in runs a loop as any other")
{
  sigset_t all, before;
  pthread_t thread;
  int result = 0;
  sigfillset(&all);
  CHECK_EQ(pthread_sigmask(SIG_BLOCK, &all, &before), 0); /* inherited by the thread */
  CHECK_EQ(pthread_create(&thread, NULL, run_in_thread, &result), 0);
  CHECK_EQ(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
  CHECK_EQ(pthread_join(thread, NULL), 0);
  CHECK_EQ(result, 7);
}
