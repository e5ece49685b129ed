/* A run leaves a program's own handler of SIGINT alone, during the run and after.
 * @targets native */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdio.h>

#include "spindle.h"

static volatile sig_atomic_t handled;

static void handle(int number)
{
  (void)number;
  handled++;
}

static int interrupts_itself(void *arg)
{
  (void)arg;
  raise(SIGINT);
  return sp_sleep(0.01);
}

int main(void)
{
  struct sigaction own = {.sa_handler = handle};
  sigaction(SIGINT, &own, NULL);
  printf("the run returned %d\n", sp_run(interrupts_itself, NULL));
  raise(SIGINT);
  printf("handled %d times\n", (int)handled);
  return 0;
}
