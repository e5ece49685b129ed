/* A request to stop reaches what the producer waits for, wherever the asking task is. */
#include <stdio.h>

#include "spindle.h"

static int number = 5;

static int waits(sp_generator *self, void *arg)
{
  (void)arg;
  int error = sp_sleep(10);
  printf("producer: %s\n", sp_strerror(error));
  if (error < 0) return error;
  return sp_yield(self, &number);
}

static int goes_on(sp_generator *self, void *arg)
{
  (void)arg;
  for (;;) {
    int error = sp_sleep(10);
    printf("producer: %s\n", sp_strerror(error));
    error = sp_yield(self, &number);
    if (error < 0) return error;
  }
}

static int passes_on(sp_generator *self, void *inner)
{
  void *value;
  int more = sp_generator_next((sp_generator *)inner, &value);
  printf("between: %s\n", sp_strerror(more));
  return more > 0 ? sp_yield(self, value) : more;
}

static int asks(void *generator)
{
  void *value = NULL;
  int more = sp_generator_next((sp_generator *)generator, &value);
  if (more > 0) printf("asker: got %d\n", *(int *)value);
  if (more <= 0) printf("asker: %s\n", sp_strerror(more));
  int slept = more > 0 ? sp_sleep(0) : more;
  if (more > 0) printf("asker: then %s\n", sp_strerror(slept));
  return slept < 0 ? slept : more;
}

static void cancel_who_asks(sp_generator *generator)
{
  sp_task *asker = sp_create_task(asks, generator);
  sp_sleep(0);
  sp_sleep(0);
  sp_task_cancel(asker, "enough");
  int result = sp_await(asker);
  printf("outcome: %s\n", sp_strerror(result));
}

static int stop_at_close(sp_generator *self, void *arg)
{
  (void)arg;
  int error = sp_yield(self, &number);
  if (error == SP_EGENERATOREXIT) {
    error = sp_sleep(10);
    printf("cleaning up: %s\n", sp_strerror(error));
  }
  return error;
}

static int closes(void *generator)
{
  int error = sp_generator_close((sp_generator *)generator);
  printf("close: %s\n", sp_strerror(error));
  return error;
}

static void cancel_who_closes(void)
{
  void *value;
  sp_generator *generator = sp_generator_new(stop_at_close, NULL);
  sp_generator_next(generator, &value);
  sp_task *closer = sp_create_task(closes, generator);
  sp_sleep(0);
  sp_task_cancel(closer, NULL);
  printf("outcome: %s\n", sp_strerror(sp_await(closer)));
  sp_generator_free(generator);
}

static int run(void *arg)
{
  (void)arg;
  sp_generator *generator = sp_generator_new(waits, NULL);
  cancel_who_asks(generator);
  void *value;
  printf("then: %d\n", sp_generator_next(generator, &value));
  sp_generator_free(generator);
  generator = sp_generator_new(goes_on, NULL);
  cancel_who_asks(generator);
  sp_generator_close(generator);
  sp_generator_free(generator);
  sp_generator *inner = sp_generator_new(waits, NULL);
  generator = sp_generator_new(passes_on, inner);
  cancel_who_asks(generator);
  sp_generator_free(generator);
  sp_generator_free(inner);
  cancel_who_closes();
  return 0;
}

int main(void) { return sp_run(run, NULL); }
