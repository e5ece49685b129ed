/* What a program costs: runs it and waits for its end. Its output goes to stderr; the last line of
 * stdout is "CPU WALL RSS": the CPU time of it and of its children and how long it took, both in
 * microseconds, and the most memory that one of them had resident, in kilobytes.
 *   cpu_of COMMAND ARG... */
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec * 1e-3;
}

static double microseconds(struct timeval time)
{
  return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

static int start(char **command, pid_t *child)
{
  posix_spawn_file_actions_t actions;
  int failed = posix_spawn_file_actions_init(&actions);
  if (failed) return failed;
  failed = posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  if (!failed) failed = posix_spawnp(child, *command, &actions, NULL, command, environ);
  posix_spawn_file_actions_destroy(&actions);
  return failed;
}

int main(int argc, char **argv)
{
  pid_t child;
  int status;
  struct rusage usage;
  if (argc < 2) {
    fputs("usage: cpu_of COMMAND ARG...\n", stderr);
    return 2;
  }
  double began = now();
  int failed = start(argv + 1, &child);
  if (failed) {
    fprintf(stderr, "cpu_of: %s: %s\n", argv[1], strerror(failed));
    return 127;
  }
  if (waitpid(child, &status, 0) < 0) return 1;
  double wall = now() - began;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fprintf(stderr, "cpu_of: %s failed, status %x\n", argv[1], (unsigned)status);
    return 1;
  }
  getrusage(RUSAGE_CHILDREN, &usage);
  double cpu = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
  printf("%.0f %.0f %ld\n", cpu, wall, usage.ru_maxrss);
  return 0;
}
