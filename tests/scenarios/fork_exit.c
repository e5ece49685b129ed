/* A child of a fork in which threads were at work before may call exit() all the same.
 * @targets native
 * @without native-asan: at its exit there a child's leak checker waits for threads that it has not, and says so */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "spindle.h"

static int in_thread(void *arg)
{
  (void)arg;
  return 1;
}

static int run(void *arg)
{
  int status = 0;
  printf("in a thread: %d\n", sp_to_thread(in_thread, arg));
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) exit(3);
  waitpid(child, &status, 0);
  printf("exited: %d, %d\n", WIFEXITED(status), WEXITSTATUS(status));
  return 0;
}

int main(void) { return sp_run(run, NULL); }
