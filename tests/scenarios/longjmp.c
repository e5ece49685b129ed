/* A loop of a task may suspend and then be left by longjmp as often as it likes: nothing stays behind on its
 * stack. */
#include <setjmp.h>
#include <stdio.h>

#include "spindle.h"

static void suspends_deep(jmp_buf *back)
{
  volatile char room[4000];
  room[0] = 1;
  int error = sp_sleep(0);
  longjmp(*back, error < 0 ? 2 : room[0]);
}

static int jumps(void *arg)
{
  jmp_buf back;
  volatile int *jumped = arg;
  while (*jumped < 100) {
    int result = setjmp(back);
    if (result == 0) suspends_deep(&back);
    if (result != 1) return SP_EINVAL;
    ++*jumped;
  }
  return 0;
}

static int run(void *arg)
{
  (void)arg;
  int jumped[2] = {0};
  sp_task *tasks[2] = {sp_create_task(jumps, &jumped[0]), sp_create_task(jumps, &jumped[1])};
  int result = sp_gather(tasks, 2, NULL);
  printf("jumped %d and %d times\n", jumped[0], jumped[1]);
  return result;
}

int main(void) { return sp_run(run, NULL); }
