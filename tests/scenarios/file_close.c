/* A loop that is closed while tasks write and read leaves nothing of the files, on the disk or in
 * memory; what a task let go of is away, too.
 * @file closed.bin 10 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spindle.h"

static char bytes[300000];

static int write_and_wait(void *path)
{
  sp_file *file = sp_file_new(path);
  if (!file) return SP_ENOMEM;
  int error = sp_file_write(file, bytes, sizeof bytes);
  if (error < 0) return error;
  return sp_sleep(1000);
}

static int write_on(void *path)
{
  sp_file *file = sp_file_new(path);
  int error = file ? 0 : SP_ENOMEM;
  while (error == 0) error = sp_file_write(file, bytes, sizeof bytes / 3);
  return error;
}

static int commit(void *path)
{
  sp_file *file = sp_file_new(path);
  int error = file ? sp_file_write(file, bytes, 10) : SP_ENOMEM;
  return error == 0 ? sp_file_commit(file) : error;
}

static int read_it(void *path)
{
  void *data;
  size_t size;
  int error = sp_read_file(path, &data, &size);
  free(data);
  return error;
}

static void hear(sp_loop *loop, const sp_report *report, void *arg)
{
  (void)loop, (void)arg;
  printf("%s\n", report->message);
}

static int begin(void *arg)
{
  (void)arg;
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i % 251);
  int error = sp_write_file("closed.bin", bytes, 10);
  sp_create_task(write_and_wait, "waiting.bin");
  if (error == 0) error = sp_sleep(0.1);
  sp_create_task(write_on, "writing.bin");
  sp_create_task(commit, "closed.bin");
  sp_create_task(read_it, "closed.bin");
  if (error == 0) error = sp_sleep(0);
  sp_loop_stop(sp_loop_running());
  return error;
}

int main(void)
{
  sp_loop *loop = sp_loop_new(NULL);
  if (!loop) return 1;
  sp_loop_set_exception_handler(loop, hear, NULL);
  sp_task_detach(sp_loop_create_task(loop, begin, NULL));
  int error = sp_loop_run_forever(loop);
  printf("stopped: %d\n", error);
  return sp_loop_free(loop);
}
