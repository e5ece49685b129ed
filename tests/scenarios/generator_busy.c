/* A generator that runs, for another task or for itself, cannot be asked, thrown into or closed. */
#include <stdio.h>

#include "spindle.h"

static int numbers[] = {0, 1};

static void tries(sp_generator *generator)
{
  void *value = NULL;
  if (sp_generator_next(generator, &value) < 0) printf("next: %s\n", sp_error_message());
  if (sp_generator_throw(generator, SP_EUSER, "thrown", &value) < 0) {
    printf("throw: %s\n", sp_error_message());
  }
  if (sp_generator_close(generator) < 0) printf("close: %s\n", sp_error_message());
}

static int slow(sp_generator *self, void *arg)
{
  (void)arg;
  tries(self);
  for (int i = 0; i < 2; i++) {
    sp_sleep(0);
    sp_sleep(0);
    int error = sp_yield(self, &numbers[i]);
    if (error < 0) return error;
  }
  return 0;
}

static int intrudes(void *generator)
{
  tries(generator);
  return 0;
}

static int run(void *arg)
{
  (void)arg;
  void *value = NULL;
  sp_generator *generator = sp_generator_new(slow, NULL);
  sp_task *intruder = sp_create_task(intrudes, generator);
  while (sp_generator_next(generator, &value) > 0) printf("got %d\n", *(int *)value);
  sp_generator_free(generator);
  return sp_await(intruder);
}

int main(void) { return sp_run(run, NULL); }
