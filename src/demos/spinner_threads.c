/* The spinner again, in a real thread: a flag that both share tells it to stop. */
#define _POSIX_C_SOURCE 200809L
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "spindle.h"

typedef struct signal {
  const char *message;
  atomic_bool go;
} signal;

/* Runs in the thread. */
static int spin(void *arg)
{
  static const char frames[] = "|/-\\";
  static const struct timespec tenth = {.tv_nsec = 100000000};
  signal *shared = arg;
  for (int i = 0; atomic_load(&shared->go); i++) {
    printf("\r%c %s", frames[i % 4], shared->message);
    fflush(stdout);
    nanosleep(&tenth, NULL);
  }
  printf("\r%*s\r", (int)strlen(shared->message) + 2, "");
  fflush(stdout);
  return 0;
}

static int spin_in_thread(void *shared) { return sp_to_thread(spin, shared); }

static int slow(void)
{
  int error = sp_sleep(3);
  return error < 0 ? error : 42;
}

static int supervisor(void *arg)
{
  signal *shared = arg;
  sp_task *spinner = sp_create_task(spin_in_thread, shared);
  if (!spinner) return SP_ENOMEM;
  char text[160];
  sp_repr(spinner, text, sizeof text);
  printf("spinner object: %s\n", text);
  int result = slow();
  atomic_store(&shared->go, false);
  sp_await(spinner);
  return result;
}

int main(void)
{
  static signal shared = {.message = "thinking!", .go = true};
  if (!sp_has_threads()) {
    fprintf(stderr, "spinner_threads: this build has no threads\n");
    return 1;
  }
  int result = sp_run(supervisor, &shared);
  if (result == SP_EINTERRUPTED) return 130;
  if (result < 0) {
    fprintf(stderr, "spinner_threads: %s\n", sp_error_message());
    return 1;
  }
  printf("Answer: %d\n", result);
  return 0;
}
