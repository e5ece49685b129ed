/* Cancellation is asyncio's: asked for once, delivered once, at a suspension; a task may clean up,
 * take its time, or go on. */
#include <stdio.h>

#include "spindle.h"

static int sleepy(void *name)
{
  printf("%s starts\n", (const char *)name);
  int result = sp_sleep(10);
  printf("%s: %s\n", (const char *)name, result == SP_ECANCELED ? "cancelled" : "woke");
  return result;
}

static int refuses(void *arg)
{
  (void)arg;
  printf("refuses: %s\n", sp_sleep(10) == SP_ECANCELED ? "asked to stop, goes on" : "woke");
  printf("refuses: next sleep gives %d\n", sp_sleep(0.01));
  return 7;
}

static int cleans_up(void *arg)
{
  (void)arg;
  int result = sp_sleep(10);
  printf("cleaning up\n");
  sp_sleep(0.02);
  printf("cleaned up\n");
  return result;
}

static int awaits(void *inner)
{
  int result = sp_await((sp_task *)inner);
  printf("awaits: %s\n", result == SP_ECANCELED ? "cancelled" : "done");
  return result;
}

static int cancels_itself(void *arg)
{
  (void)arg;
  sp_task_cancel(sp_task_current(), NULL);
  printf("itself: still running\n");
  int result = sp_sleep(0);
  printf("itself: %s\n", result == SP_ECANCELED ? "cancelled" : "not cancelled");
  printf("itself: then %d\n", sp_sleep(0));
  return result;
}

static int ends_at_once(void *arg)
{
  (void)arg;
  sp_task_cancel(sp_task_current(), NULL);
  return 5;
}

static int fails_when_cancelled(void *arg)
{
  (void)arg;
  sp_task_cancel(sp_task_current(), NULL);
  return SP_EUSER;
}

static const char *outcome(int result) { return result == SP_ECANCELED ? "cancelled" : "a result"; }

static void before_its_start(void)
{
  sp_task *task = sp_create_task(sleepy, "unborn");
  printf("asked: %d\n", sp_task_cancel(task, NULL));
  printf("before its start: %s\n", outcome(sp_await(task)));
}

static void while_it_sleeps(void)
{
  sp_task *task = sp_task_ref(sp_create_task(sleepy, "sleeper"));
  sp_sleep(0);
  sp_task_cancel(task, NULL);
  printf("cancelled already: %d\n", sp_future_cancelled(task));
  printf("while it sleeps: %s\n", outcome(sp_await(task)));
  printf("asked again: %d\n", sp_task_cancel(task, NULL));
  printf("cancelled now: %d\n", sp_future_cancelled(task));
  sp_task_detach(task);
}

static void refused(void)
{
  sp_task *task = sp_create_task(refuses, NULL);
  sp_sleep(0);
  sp_task_cancel(task, NULL);
  sp_task_cancel(task, NULL);
  printf("cancelling %d\n", sp_task_cancelling(task));
  printf("uncancel %d\n", sp_task_uncancel(task));
  printf("uncancel %d\n", sp_task_uncancel(task));
  printf("uncancel %d\n", sp_task_uncancel(task));
  printf("refused: %d\n", sp_await(task));
}

static void through_a_chain(void)
{
  sp_task *inner = sp_task_ref(sp_create_task(cleans_up, NULL));
  sp_task *outer = sp_create_task(awaits, inner);
  sp_sleep(0);
  sp_sleep(0);
  sp_task_cancel(outer, NULL);
  printf("through a chain: %s\n", outcome(sp_await(outer)));
  printf("inner cancelled: %d\n", sp_future_cancelled(inner));
  sp_task_detach(inner);
}

static int run(void *arg)
{
  (void)arg;
  before_its_start();
  while_it_sleeps();
  refused();
  through_a_chain();
  printf("cancels itself: %s\n", outcome(sp_await(sp_create_task(cancels_itself, NULL))));
  printf("ends at once: %s\n", outcome(sp_await(sp_create_task(ends_at_once, NULL))));
  printf("fails: %d\n", sp_await(sp_create_task(fails_when_cancelled, NULL)));
  return 0;
}

int main(void) { return sp_run(run, NULL); }
