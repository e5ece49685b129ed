/* A cancelled write of a file's piece comes to its end first; a cancelled reading ends at once. The
 * file that a cancelled task lets go leaves nothing.
 * @file cancelled.bin 100000 */
#include <stdio.h>
#include <stdlib.h>

#include "spindle.h"

enum { SIZE = 100000 };

static char bytes[SIZE];

static int write_it(void *arg)
{
  sp_file *file = sp_file_new("cancelled.bin");
  if (!file) return SP_ENOMEM;
  int written = sp_file_write(file, bytes, SIZE);
  int slept = sp_sleep(0);
  int committed = arg ? sp_file_commit(file) : 0;
  printf("written: %d, then: %s, committed: %d\n", written, sp_error_name(slept), committed);
  sp_file_free(file);
  return slept;
}

static int read_it(void *path)
{
  void *data;
  size_t size;
  int error = sp_read_file(path, &data, &size);
  printf("read: %s, %zu bytes\n", sp_error_name(error), size);
  if (data) printf("there is something to free\n");
  free(data);
  return error;
}

static void cancel_it(sp_coroutine *fn, void *arg)
{
  sp_task *task = sp_create_task(fn, arg);
  sp_sleep(0);
  sp_task_cancel(task, NULL);
  printf("cancelled: %s\n", sp_error_name(sp_await(task)));
}

/* Before it could suspend. */
static int cancel_itself(void *path)
{
  sp_task_cancel(sp_task_current(), NULL);
  return read_it(path);
}

static int run(void *arg)
{
  (void)arg;
  for (size_t i = 0; i < SIZE; i++) bytes[i] = (char)(i % 251);
  cancel_it(write_it, "commit");
  cancel_it(write_it, NULL);
  cancel_it(read_it, "cancelled.bin");
  cancel_it(read_it, "missing.bin");
  cancel_it(cancel_itself, "cancelled.bin");
  return 0;
}

int main(void) { return sp_run(run, NULL); }
