/* A seed shuffles what is ready in an iteration: the same order each time, and everybody runs. */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

enum { TASKS = 12, ROUNDS = 3 };

typedef struct trace {
  char text[TASKS * ROUNDS + 1];
  size_t length;
} trace;

typedef struct worker {
  trace *trace;
  char name;
} worker;

static int works(void *arg)
{
  worker *self = arg;
  for (int i = 0; i < ROUNDS; i++) {
    self->trace->text[self->trace->length++] = self->name;
    sp_sleep(0);
  }
  return 0;
}

static int run(void *arg)
{
  worker workers[TASKS];
  sp_task *tasks[TASKS];
  for (int i = 0; i < TASKS; i++) {
    workers[i] = (worker){.trace = arg, .name = (char)('a' + i)};
    tasks[i] = sp_create_task(works, &workers[i]);
  }
  for (int i = 0; i < TASKS; i++) sp_await(tasks[i]);
  return 0;
}

static trace traced(uint64_t seed)
{
  trace made = {.length = 0};
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.order_seed = seed});
  sp_loop_run(loop, run, &made);
  sp_loop_free(loop);
  return made;
}

/* Whether each round has every worker once. */
static bool is_whole(const trace *one)
{
  for (int round = 0; round < ROUNDS; round++) {
    for (char name = 'a'; name < 'a' + TASKS; name++) {
      if (!memchr(one->text + round * TASKS, name, TASKS)) return false;
    }
  }
  return one->length == TASKS * ROUNDS;
}

int main(void)
{
  trace none = traced(0), one = traced(1), again = traced(1), two = traced(2);
  printf("%s\n%s\n%s\n", none.text, one.text, two.text);
  printf("again: %d\n", strcmp(one.text, again.text) == 0);
  printf("whole: %d %d\n", is_whole(&one), is_whole(&two));
  return 0;
}
