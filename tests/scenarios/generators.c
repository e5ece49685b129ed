/* A generator yields values to whoever asks: it runs as part of that task, and what it waits for
 * lets the others run. */
#include <stdio.h>

#include "spindle.h"

static int numbers[] = {0, 1, 2, 3};

/* In iterations, so that no clock says who is first. */
static int rest(int iterations)
{
  int error = 0;
  while (iterations-- > 0 && error == 0) error = sp_sleep(0);
  return error;
}

static int count(sp_generator *self, void *name)
{
  printf("%s begins\n", (const char *)name);
  for (int i = 0; i < 3; i++) {
    int error = rest(4);
    if (error == 0) error = sp_yield(self, &numbers[i]);
    if (error < 0) return error;
    printf("%s goes on\n", (const char *)name);
  }
  printf("%s ends\n", (const char *)name);
  return 7;
}

static int ask(sp_generator *generator)
{
  void *value = NULL;
  int more = sp_generator_next(generator, &value);
  if (more > 0) printf("got %d\n", *(int *)value);
  if (more == 0) printf("the end\n");
  if (more < 0) printf("%s: %s\n", sp_error_name(more), sp_error_message());
  return more;
}

static int tick(void *arg)
{
  (void)arg;
  for (int i = 0; i < 4; i++) {
    printf("tick %d\n", i);
    if (rest(3) < 0) return SP_ECANCELED;
  }
  return 0;
}

static void beside_a_task(void)
{
  sp_task *ticks = sp_create_task(tick, NULL);
  sp_generator *generator = sp_generator_new(count, "count");
  while (ask(generator) > 0) continue;
  ask(generator);
  sp_generator_free(generator);
  sp_await(ticks);
}

static int fails(sp_generator *self, void *arg)
{
  (void)arg;
  sp_yield(self, &numbers[1]);
  return sp_fail(SP_EUSER, "no more numbers");
}

static void an_error_comes_once(void)
{
  sp_generator *generator = sp_generator_new(fails, NULL);
  ask(generator);
  ask(generator);
  ask(generator);
  sp_generator_free(generator);
}

/* Without a wait nobody else runs between two values. */
static int at_once(sp_generator *self, void *arg)
{
  (void)arg;
  for (int i = 0; i < 4; i++) {
    int error = sp_yield(self, &numbers[i]);
    if (error < 0) return error;
  }
  return 0;
}

static int squares(sp_generator *self, void *arg)
{
  sp_generator *inner = arg;
  void *value;
  int more;
  while ((more = sp_generator_next(inner, &value)) > 0) {
    int square = *(int *)value * *(int *)value;
    int error = sp_yield(self, &square);
    if (error < 0) return error;
  }
  return more;
}

static int says(void *text)
{
  printf("%s\n", (const char *)text);
  return 0;
}

static void in_one_another(void)
{
  sp_task *other = sp_create_task(says, "another task");
  sp_generator *inner = sp_generator_new(at_once, NULL);
  sp_generator *outer = sp_generator_new(squares, inner);
  while (ask(outer) > 0) continue;
  sp_generator_free(outer);
  sp_generator_free(inner);
  sp_await(other);
}

static int asks_once(void *generator) { return ask(generator) > 0 ? 0 : SP_EUSER; }

static void by_several_tasks(void)
{
  sp_generator *generator = sp_generator_new(count, "shared");
  sp_await(sp_create_task(asks_once, generator));
  ask(generator);
  sp_await(sp_create_task(asks_once, generator));
  ask(generator);
  sp_generator_free(generator);
}

static int run(void *arg)
{
  (void)arg;
  beside_a_task();
  an_error_comes_once();
  in_one_another();
  by_several_tasks();
  sp_generator_free(sp_generator_new(count, "never"));
  sp_generator_free(NULL);
  return 0;
}

int main(void) { return sp_run(run, NULL); }
