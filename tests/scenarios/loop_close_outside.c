/* Closing a loop for whose tasks something goes on outside: a transfer, a file, a thread.
 * @server
 * @stderr (Task was destroyed but it is pending!\nfuture: <Task pending name='Task-\d'[^\n]*\n){3}
 * @file saved.bin 5000 */
#include <stdio.h>

#include "spindle.h"

static int transfers(void *url)
{
  sp_response response;
  sp_fetch_options options = {.timeout = 60};
  sp_fetch(url, &options, &response);
  printf("never\n");
  return 0;
}

static int writes(void *arg)
{
  static char bytes[5000];
  (void)arg;
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i % 251);
  sp_write_file("saved.bin", bytes, sizeof bytes);
  printf("never\n");
  return 0;
}

static int in_thread(void *arg)
{
  (void)arg;
  return 0;
}

static int waits_for_thread(void *arg)
{
  sp_to_thread(in_thread, arg);
  printf("never\n");
  return 0;
}

static int naps(void *arg)
{
  (void)arg;
  return sp_sleep(0.2);
}

int main(int argc, char **argv)
{
  char url[200];
  snprintf(url, sizeof url, "%shang", argc > 1 ? argv[1] : "");
  sp_loop *loop = sp_loop_new(NULL);
  sp_task_detach(sp_loop_create_task(loop, transfers, url));
  sp_task_detach(sp_loop_create_task(loop, writes, NULL));
  sp_task_detach(sp_loop_create_task(loop, waits_for_thread, NULL));
  sp_loop_stop(loop);
  sp_loop_run_forever(loop);
  printf("close: %d\n", sp_loop_free(loop));
  return sp_run(naps, NULL);
}
