/* Generators at their limits: nobody to ask, let go while they run, many at once, a loop closed
 * while they wait.
 * @stderr Task was destroyed but it is pending! */
#include <stdio.h>

#include "spindle.h"

enum { MANY = 300 };

static int numbers[MANY];

static void show(const char *what, int outcome)
{
  printf("%s: %d, %s\n", what, outcome, outcome < 0 ? sp_error_message() : "well");
}

static int one(sp_generator *self, void *arg) { return sp_yield(self, arg); }

static int slow(sp_generator *self, void *arg)
{
  int error = sp_sleep(0);
  return error < 0 ? error : sp_yield(self, arg);
}

static void asks(void *generator)
{
  void *value;
  show("next in a callback", sp_generator_next((sp_generator *)generator, &value));
  show("throw in a callback", sp_generator_throw((sp_generator *)generator, -1, "", &value));
  show("close in a callback", sp_generator_close((sp_generator *)generator));
}

static void nobody_to_ask(void)
{
  void *value;
  sp_generator *generator = sp_generator_new(one, &numbers[7]);
  sp_loop_call_soon(sp_loop_running(), asks, generator);
  sp_sleep(0);
  show("yield outside", sp_yield(generator, NULL));
  show("throw nothing", sp_generator_throw(generator, 0, NULL, &value));
  show("next", sp_generator_next(generator, &value));
  sp_generator_free(generator);
}

static int inner_yields_for_outer(sp_generator *self, void *outer)
{
  show("yield for another", sp_yield((sp_generator *)outer, NULL));
  return sp_yield(self, NULL);
}

static int outer(sp_generator *self, void *arg)
{
  void *value;
  sp_generator *inner = sp_generator_new(inner_yields_for_outer, self);
  sp_generator_next(inner, &value);
  show("inner", sp_generator_close(inner));
  sp_generator_free(inner);
  return sp_yield(self, arg);
}

static int frees_itself(sp_generator *self, void *arg)
{
  sp_generator_free(self);
  show("let go, it waits", sp_sleep(0));
  int error = sp_yield(self, arg);
  printf("let go, it yielded: %s\n", sp_error_name(error));
  return error;
}

static int frees_and_ends(sp_generator *self, void *arg)
{
  (void)arg;
  sp_generator_free(self);
  return sp_fail(SP_EUSER, "let go, it failed");
}

static int lets_go(void *generator)
{
  sp_generator_free((sp_generator *)generator);
  return 0;
}

static void let_go_while_they_run(void)
{
  void *value = NULL;
  show("frees itself", sp_generator_next(sp_generator_new(frees_itself, &numbers[3]), &value));
  for (int i = 0; i < 3; i++) sp_sleep(0);
  show("frees and ends", sp_generator_next(sp_generator_new(frees_and_ends, NULL), &value));
  sp_generator *generator = sp_generator_new(slow, &numbers[5]);
  sp_task *other = sp_create_task(lets_go, generator);
  show("let go by another", sp_generator_next(generator, &value));
  printf("value: %d\n", *(int *)value);
  sp_await(other);
}

static int nap(void *arg) { return sp_sleep(0) + *(int *)arg; }

/* Tasks and generators take turns in the same memory. */
static void many_at_once(void)
{
  long sum = 0;
  for (int round = 0; round < 3; round++) {
    sp_generator *generators[MANY];
    sp_task *tasks[MANY];
    for (int i = 0; i < MANY; i++) generators[i] = sp_generator_new(slow, &numbers[i]);
    for (int i = 0; i < MANY; i++) {
      void *value = NULL;
      if (sp_generator_next(generators[i], &value) > 0) sum += *(int *)value;
      sp_generator_close(generators[i]);
      sp_generator_free(generators[i]);
      tasks[i] = sp_create_task(nap, &numbers[i]);
    }
    for (int i = 0; i < MANY; i++) sum += sp_await(tasks[i]);
  }
  printf("sum: %ld\n", sum);
}

static int run(void *arg)
{
  (void)arg;
  void *value;
  for (int i = 0; i < MANY; i++) numbers[i] = i;
  nobody_to_ask();
  sp_generator *generator = sp_generator_new(outer, NULL);
  show("outer", sp_generator_next(generator, &value));
  sp_generator_free(generator);
  let_go_while_they_run();
  many_at_once();
  return 0;
}

static int waits_for_ever(sp_generator *self, void *arg)
{
  (void)self, (void)arg;
  return sp_sleep(1000);
}

static int is_left_behind(void *arg)
{
  void *value;
  sp_generator *standing = sp_generator_new(one, arg);
  sp_generator_next(standing, &value);
  sp_generator_free(standing);
  sp_generator_new(one, arg);
  sp_generator *waiting = sp_generator_new(waits_for_ever, arg);
  printf("left behind\n");
  return sp_generator_next(waiting, &value);
}

int main(void)
{
  printf("no loop: %d, ", sp_generator_new(one, NULL) == NULL);
  printf("%s\n", sp_error_message());
  int result = sp_run(run, NULL);
  sp_loop *loop = sp_loop_new(NULL);
  sp_loop_create_task(loop, is_left_behind, NULL);
  sp_loop_stop(loop);
  sp_loop_run_forever(loop);
  sp_loop_free(loop);
  return result;
}
