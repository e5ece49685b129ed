/* Closing a generator and throwing into it: before it begins, at a yield, after its end. */
#include <stdio.h>

#include "spindle.h"

static int one = 1;
static int two = 2;

static int tidy(sp_generator *self, void *arg)
{
  (void)arg;
  int error = sp_yield(self, &one);
  if (error == SP_EGENERATOREXIT) {
    printf("cleaning up\n");
    sp_sleep(0.01);
    printf("cleaned up\n");
  }
  return error;
}

/* Goes on, whatever comes, until it is asked for the third time. */
static int stubborn(sp_generator *self, void *arg)
{
  (void)arg;
  if (sp_yield(self, &one) < 0) printf("stubborn: %s\n", sp_error_message());
  if (sp_yield(self, &two) < 0) printf("stubborn: %s\n", sp_error_message());
  return 0;
}

static int fails_at_close(sp_generator *self, void *arg)
{
  (void)arg;
  int error = sp_yield(self, &one);
  return error == SP_EGENERATOREXIT ? sp_fail(SP_EUSER, "not clean") : error;
}

static int ends_well(sp_generator *self, void *arg)
{
  (void)arg;
  sp_yield(self, &one);
  return 0;
}

static void show(const char *call, int outcome, const void *value)
{
  if (outcome > 0) printf("%s: got %d\n", call, *(const int *)value);
  if (outcome == 0) printf("%s: ended\n", call);
  if (outcome < 0) printf("%s: %s\n", call, sp_error_message());
}

static void next(sp_generator *generator)
{
  void *value = NULL;
  int outcome = sp_generator_next(generator, &value);
  show("next", outcome, value);
}

static void throw(sp_generator * generator, const char *message)
{
  void *value = NULL;
  int outcome = sp_generator_throw(generator, SP_EUSER, message, &value);
  show("throw", outcome, value);
}

static void closes(sp_generator *generator)
{
  int error = sp_generator_close(generator);
  printf("close: %s\n", error < 0 ? sp_error_message() : "closed");
}

static void closed_at_a_yield(sp_producer *producer)
{
  sp_generator *generator = sp_generator_new(producer, NULL);
  next(generator);
  closes(generator);
  closes(generator);
  next(generator);
  sp_generator_free(generator);
}

static void unstarted(void)
{
  sp_generator *generator = sp_generator_new(tidy, NULL);
  closes(generator);
  next(generator);
  sp_generator_free(generator);
  generator = sp_generator_new(tidy, NULL);
  throw(generator, "too early");
  next(generator);
  sp_generator_free(generator);
}

static void thrown_into(void)
{
  sp_generator *generator = sp_generator_new(stubborn, NULL);
  next(generator);
  throw(generator, "first");
  throw(generator, "second");
  throw(generator, "after its end");
  closes(generator);
  sp_generator_free(generator);
  generator = sp_generator_new(tidy, NULL);
  next(generator);
  throw(generator, "passed on");
  next(generator);
  sp_generator_free(generator);
}

static void ignores_its_closing(void)
{
  sp_generator *generator = sp_generator_new(stubborn, NULL);
  next(generator);
  closes(generator);
  next(generator);
  closes(generator);
  sp_generator_free(generator);
}

static int run(void *arg)
{
  (void)arg;
  closed_at_a_yield(tidy);
  closed_at_a_yield(fails_at_close);
  closed_at_a_yield(ends_well);
  unstarted();
  thrown_into();
  ignores_its_closing();
  return 0;
}

int main(void) { return sp_run(run, NULL); }
