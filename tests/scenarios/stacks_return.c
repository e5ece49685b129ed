/* Stacks that nobody has needed for a while give their memory back, and can be used again: also
 * their guards are as they were. The sanitizer keeps memory of its own for each stack.
 * @targets native
 * @without native-asan */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "spindle.h"

enum { TASKS = 2000, USED = 12000 };

static sp_semaphore gate;

static void *(*volatile fill)(void *, int, size_t) = memset; /* hides what becomes of the frame */

/* The memory is touched below whatever frames the compiler makes of the task's function. */
static __attribute__((noinline)) int touch(void)
{
  char used[USED];
  fill(used, 1, USED);
  return used[512];
}

static int use_stack(void *arg)
{
  (void)arg;
  int touched = touch();
  int result = sp_semaphore_acquire(&gate);
  return result < 0 ? result : touched;
}

/* Resident memory in bytes. */
static long resident(void)
{
  long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file || fscanf(file, "%*d %ld", &pages) != 1) printf("no statm\n");
  if (file) fclose(file);
  return pages * sysconf(_SC_PAGESIZE);
}

static long run_tasks(void)
{
  static sp_task *tasks[TASKS];
  static int results[TASKS];
  int sum = 0;
  sp_semaphore_init(&gate, 0);
  for (int i = 0; i < TASKS; i++) tasks[i] = sp_create_task(use_stack, NULL);
  sp_sleep(0);
  long used = resident();
  for (int i = 0; i < TASKS; i++) sp_semaphore_release(&gate);
  sp_gather(tasks, TASKS, results);
  for (int i = 0; i < TASKS; i++) sum += results[i];
  printf("%d tasks used their stacks\n", sum);
  return used;
}

static int supervisor(void *arg)
{
  (void)arg;
  long before = resident();
  for (int round = 0; round < 2; round++) {
    long used = run_tasks() - before;
    printf("memory was needed: %s\n", used > (long)TASKS * USED ? "yes" : "no");
    sp_sleep(3); /* nothing else wakes the loop */
    printf("most of it was given back: %s\n", resident() - before < used / 10 ? "yes" : "no");
  }
  return 0;
}

int main(void) { return sp_run(supervisor, NULL); }
