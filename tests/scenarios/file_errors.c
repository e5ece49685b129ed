/* A file that was committed takes no more, two tasks cannot write it at once, and nothing is done
 * outside tasks. */
#include <stdio.h>

#include "spindle.h"

static char bytes[100000];

static void say(const char *what, int result)
{
  const char *message = result < 0 ? sp_error_message() : "";
  printf("%s: %s%s%s\n", what, sp_error_name(result), *message ? ": " : "", message);
}

static int write_to(void *file) { return sp_file_write(file, bytes, sizeof bytes); }

static void commit_twice(void)
{
  sp_file *file = sp_file_new("twice.bin");
  say("nothing added", sp_file_write(file, NULL, 0));
  say("committed", sp_file_commit(file));
  say("again", sp_file_commit(file));
  say("written behind that", sp_file_write(file, "x", 1));
  sp_file_free(file);
}

static void two_tasks_at_once(void)
{
  sp_file *file = sp_file_new("shared.bin");
  sp_task *task = sp_create_task(write_to, file);
  sp_sleep(0);
  say("while another task writes", sp_file_write(file, "x", 1));
  say("the other task", sp_await(task));
  say("then", sp_file_write(file, "x", 1));
  sp_file_free(file);
}

static int run(void *arg)
{
  (void)arg;
  commit_twice();
  two_tasks_at_once();
  return 0;
}

int main(void)
{
  printf("outside a run: %s\n", sp_file_new("outside.bin") ? "a file" : sp_error_message());
  return sp_run(run, NULL);
}
