/* Closing a loop ends its remote tasks as cancelled and wakes the threads that wait for them.
 * @stderr Task was destroyed but it is pending!\nfuture: <Task pending name='Task-1'
 * @stderr Task was destroyed but it is pending!\nfuture: <Task pending name='Task-2'
 * @threads */
#include <math.h>
#include <stdio.h>

#include "spindle.h"

static sp_executor *pool;
static sp_loop *loop;
static sp_remote_task *remote;
static sp_future *begun;

static void tell(void *future) { sp_future_set_result(future, 0); }

static int for_ever(void *arg)
{
  (void)arg;
  return sp_sleep(INFINITY);
}

static int wait_for_task(void *arg)
{
  (void)arg;
  remote = sp_run_coroutine_threadsafe(loop, for_ever, NULL);
  sp_loop_call_soon_threadsafe(loop, tell, begun);
  int result = sp_remote_task_result(remote, INFINITY);
  printf("in the thread: %s: %s\n", sp_error_name(result), sp_error_message());
  return 0;
}

static int wait_in_pool(void *arg) { return sp_run_in_executor(pool, wait_for_task, arg); }

static int call_closed(void *arg)
{
  (void)arg;
  sp_handle call = sp_loop_call_soon_threadsafe(loop, tell, NULL);
  printf("call: %d, %s\n", call.call != NULL, sp_error_message());
  sp_remote_task *task = sp_run_coroutine_threadsafe(loop, for_ever, NULL);
  printf("task: %d, %s\n", task != NULL, sp_error_message());
  return 0;
}

static int call_closed_in_thread(void *arg) { return sp_to_thread(call_closed, arg); }

int main(void)
{
  pool = sp_executor_new(1);
  loop = sp_loop_new(NULL);
  begun = sp_loop_create_future(loop);
  sp_task *task = sp_loop_create_task(loop, wait_in_pool, NULL);
  printf("begun: %d\n", sp_loop_run_until_complete(loop, begun));
  sp_future_free(begun);
  sp_task_detach(task);
  printf("closed: %d\n", sp_loop_close(loop));

  sp_run(call_closed_in_thread, NULL);
  call_closed(NULL);
  sp_loop_free(loop);
  printf("done: %d, cancel: %d\n", sp_remote_task_done(remote), sp_remote_task_cancel(remote));
  sp_remote_task_free(remote);
  sp_executor_free(pool);
  return 0;
}
