/* Generators that nobody let go are closed together at the end of the run, in the order in which
 * they were made; those that never began, or have ended, have nothing to do. */
#include <stdio.h>

#include "spindle.h"

static int tidy(sp_generator *self, void *name)
{
  int error = sp_yield(self, name);
  for (int i = 0; i < 2; i++) {
    printf("%s cleans up: %d\n", (const char *)name, i);
    sp_sleep(0);
  }
  printf("%s: %s\n", (const char *)name, sp_error_name(error));
  return error;
}

static int once(sp_generator *self, void *name) { return sp_yield(self, name); }

static int again(sp_generator *self, void *name)
{
  sp_yield(self, name);
  sp_yield(self, name);
  printf("never\n");
  return 0;
}

static void report(sp_loop *loop, const sp_report *told, void *arg)
{
  (void)loop, (void)arg;
  printf("report: %.55s...: %s\n", told->message, told->error_message);
}

static int run(void *arg)
{
  (void)arg;
  void *value;
  sp_loop_set_exception_handler(sp_loop_running(), report, NULL);
  sp_producer *producers[] = {tidy, once, again, tidy, once};
  const char *names[] = {"one", "two", "three", "four", "five"};
  sp_generator *made[5];
  for (int i = 0; i < 5; i++) made[i] = sp_generator_new(producers[i], (void *)names[i]);
  for (int i = 3; i >= 0; i--) {
    if (sp_generator_next(made[i], &value) > 0) printf("%s\n", (const char *)value);
  }
  sp_generator_next(made[1], &value);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
