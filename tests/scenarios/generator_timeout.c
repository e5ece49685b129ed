/* A timeout around the asking reaches the producer, which may clean up, or go on. */
#include <stdio.h>

#include "spindle.h"

static int numbers[] = {0, 1, 2};

static int slower_each_time(sp_generator *self, void *arg)
{
  (void)arg;
  int error = 0;
  for (int i = 0; i < 3 && error == 0; i++) {
    error = sp_sleep(i * 0.1);
    if (error == 0) error = sp_yield(self, &numbers[i]);
  }
  printf("producer: %s\n", sp_strerror(error));
  return error;
}

static int patient(sp_generator *self, void *arg)
{
  (void)arg;
  printf("first wait: %s\n", sp_strerror(sp_sleep(10)));
  return sp_yield(self, &numbers[2]);
}

static int ask(sp_generator *generator, double seconds)
{
  void *value = NULL;
  sp_timeout limit;
  int more = sp_timeout_open(&limit, seconds);
  if (more < 0) return more;
  more = sp_timeout_close(&limit, sp_generator_next(generator, &value));
  if (more > 0) printf("got %d\n", *(int *)value);
  if (more <= 0) printf("%s\n", more < 0 ? sp_strerror(more) : "the end");
  return more;
}

static int run(void *arg)
{
  (void)arg;
  sp_generator *generator = sp_generator_new(slower_each_time, NULL);
  while (ask(generator, 0.05) > 0) continue;
  ask(generator, 0.05);
  sp_generator_free(generator);
  generator = sp_generator_new(patient, NULL);
  ask(generator, 0.01);
  ask(generator, 0.01);
  sp_generator_free(generator);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
