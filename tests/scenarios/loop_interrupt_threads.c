/* Ctrl-C is for the loops of all threads that run one.
 * @targets native
 * @without native-aarch64 native-i386 native-s390x: qemu crashes or hangs where a signal meets two threads */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "spindle.h"

static atomic_int running;

static int sleeps(void *arg)
{
  (void)arg;
  atomic_fetch_add(&running, 1);
  return sp_sleep(60);
}

static void *in_thread(void *result)
{
  *(int *)result = sp_run(sleeps, NULL);
  return NULL;
}

static int interrupts(void *arg)
{
  int error = 0;
  atomic_fetch_add(&running, 1);
  while (atomic_load(&running) < 2 && error == 0) error = sp_sleep(0.01);
  kill(getpid(), SIGINT);
  return error < 0 ? error : sleeps(arg);
}

int main(void)
{
  pthread_t thread;
  int result = 0;
  if (pthread_create(&thread, NULL, in_thread, &result) != 0) return 1;
  int own = sp_run(interrupts, NULL);
  pthread_join(thread, NULL);
  printf("%s, %s\n", sp_error_name(own), sp_error_name(result));
  return 0;
}
