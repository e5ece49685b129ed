/* For files.test.mjs: writes the half of the file `parent`; then a child writes the file `child`,
 * and exits; then the parent writes the rest. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "spindle.h"

static char bytes[70000]; /* more than what is gathered: there is a draft on the disk */

static int say(const char *who, int result)
{
  const char *message = result < 0 ? sp_error_message() : "";
  printf("%s: %s%s%s\n", who, sp_error_name(result), *message ? " " : "", message);
  fflush(stdout);
  return result < 0;
}

static int begin(void *arg)
{
  sp_file **file = arg;
  *file = sp_file_new("parent");
  return *file ? sp_file_write(*file, bytes, sizeof bytes) : SP_ENOMEM;
}

static int finish(void *arg)
{
  sp_file **file = arg;
  int error = sp_file_write(*file, bytes, sizeof bytes);
  return error < 0 ? error : sp_file_commit(*file);
}

static int child(void *arg)
{
  (void)arg;
  return sp_write_file("child", bytes, sizeof bytes);
}

static void run_child(void)
{
  pid_t process = fork();
  if (process == 0) exit(say("child", sp_run(child, NULL)));
  waitpid(process, NULL, 0);
}

int main(void)
{
  sp_file *file = NULL;
  sp_loop *loop = sp_loop_new(NULL);
  if (!loop || sp_loop_run(loop, begin, &file) < 0) return 1;
  run_child();
  int failed = say("parent", sp_loop_run(loop, finish, &file));
  sp_loop_free(loop);
  return failed;
}
