/* Shutting a loop down: its tasks are cancelled and awaited, and it can be run again. */
#include <stdio.h>

#include "spindle.h"

static int sleeps(void *name)
{
  int error = sp_sleep(60);
  printf("%s: %s\n", (const char *)name, sp_strerror(error));
  return error;
}

static int refuses(void *name)
{
  sp_sleep(60);
  printf("%s: cleans up\n", (const char *)name);
  sp_sleep(0.01);
  printf("%s: %s\n", (const char *)name, sp_strerror(sp_sleep(0)));
  return 5;
}

static int fails(void *name)
{
  sp_sleep(60);
  return sp_fail(SP_EIO, "%s fails", (const char *)name);
}

static int begets(void *name)
{
  int error = sp_sleep(60);
  printf("%s: one more\n", (const char *)name);
  sp_task_detach(sp_create_task(sleeps, "made while shutting down"));
  return error;
}

static void told(sp_loop *loop, const sp_report *report, void *arg)
{
  (void)loop, (void)arg;
  printf("report: %s", report->message);
  if (report->error_message) printf(": %s", report->error_message);
  printf("\n");
}

static int begun, ended;

static int in_thread(void *arg)
{
  (void)arg;
  begun = 1;
  for (volatile int i = 0; i < 1000000; i++) continue;
  ended = 1;
  return 0;
}

static int leaves_a_thread(void *arg)
{
  int result = sp_to_thread(in_thread, arg);
  printf("thread: %s\n", sp_strerror(result));
  return result;
}

static int answers(void *arg)
{
  (void)arg;
  return sp_sleep(0) + 42;
}

int main(void)
{
  sp_loop *loop = sp_loop_new(NULL);
  sp_loop_set_exception_handler(loop, told, NULL);
  printf("nothing to do: %d\n", sp_loop_shutdown(loop));
  sp_task_detach(sp_loop_create_task(loop, sleeps, "first"));
  sp_task_detach(sp_loop_create_task(loop, refuses, "second"));
  sp_task_detach(sp_loop_create_task(loop, fails, "third"));
  sp_task *answer = sp_loop_create_task(loop, answers, NULL);
  printf("answer: %d\n", sp_loop_run_until_complete(loop, answer));
  sp_task_detach(answer);
  sp_task_detach(sp_loop_create_task(loop, sleeps, "never begun"));
  printf("shutdown: %d\n", sp_loop_shutdown(loop));
  sp_task_detach(sp_loop_create_task(loop, leaves_a_thread, NULL));
  sp_task_detach(sp_loop_create_task(loop, begets, "begets"));
  sp_loop_stop(loop);
  sp_loop_run_forever(loop);
  printf("shutdown: %d\n", sp_loop_shutdown(loop));
  printf("what began in a thread came to its end: %d\n", begun == ended);
  answer = sp_loop_create_task(loop, answers, NULL);
  printf("answer: %d\n", sp_loop_run_until_complete(loop, answer));
  sp_task_detach(answer);
  return sp_loop_free(loop);
}
