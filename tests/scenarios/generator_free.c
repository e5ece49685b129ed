/* A generator that is let go while it stands at a yield is closed by a task of its own; one that
 * nobody let go is closed at the end of the run, and its error is told.
 * @stderr an error occurred during closing of asynchronous generator tidy\(\) at \w+.c:\d+\n
 * @stderr coro=<sp_generator_close\(\) done, created at generator_free.c:\d+>
 * @stderr exception=error\(-1000, 'last fails'\)> */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

static int tidy(sp_generator *self, void *name)
{
  int error = sp_yield(self, name);
  printf("%s: %s\n", (const char *)name, sp_strerror(error));
  if (error == SP_EGENERATOREXIT) sp_sleep(0);
  if (error == SP_EGENERATOREXIT) printf("%s: cleaned up\n", (const char *)name);
  if (strcmp(name, "last") == 0) return sp_fail(SP_EUSER, "%s fails", (const char *)name);
  return error;
}

static sp_generator *begun(const char *name)
{
  void *value = NULL;
  sp_generator *generator = sp_generator_new(tidy, (void *)name);
  sp_generator_next(generator, &value);
  printf("%s begun\n", (const char *)value);
  return generator;
}

static int run(void *arg)
{
  (void)arg;
  sp_generator_free(begun("first"));
  for (int i = 0; i < 5; i++) {
    printf("%d\n", i);
    sp_sleep(0);
  }
  begun("last");
  sp_generator_free(begun("late"));
  sp_generator_new(tidy, "never begun");
  printf("the end\n");
  return 0;
}

int main(void) { return sp_run(run, NULL); }
