/* A text spinner turns while a slow function sleeps.
 *
 * The supervisor starts the spinner as a task, awaits the slow function by calling it, and cancels
 * the spinner when the answer is there. */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static int spin(void *message)
{
  static const char frames[] = "|/-\\";
  for (int i = 0;; i++) {
    printf("\r%c %s", frames[i % 4], (const char *)message);
    fflush(stdout);
    if (sp_sleep(0.1) == SP_ECANCELED) break;
  }
  printf("\r%*s\r", (int)strlen(message) + 2, "");
  fflush(stdout);
  return SP_ECANCELED;
}

static int slow(void)
{
  int error = sp_sleep(3);
  return error < 0 ? error : 42;
}

static int supervisor(void *arg)
{
  (void)arg;
  sp_task *spinner = sp_create_task(spin, "thinking!");
  if (!spinner) return SP_ENOMEM;
  char text[160];
  sp_repr(spinner, text, sizeof text);
  printf("spinner object: %s\n", text);
  int result = slow();
  sp_task_cancel(spinner, NULL);
  sp_await(spinner);
  return result;
}

int main(void)
{
  int result = sp_run(supervisor, NULL);
  if (result == SP_EINTERRUPTED) return 130;
  if (result < 0) {
    fprintf(stderr, "spinner: %s\n", sp_error_message());
    return 1;
  }
  printf("Answer: %d\n", result);
  return 0;
}
