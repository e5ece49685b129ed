/* A stack larger than there can be is refused, and the message says how large it was to be. */
#include <stdio.h>

#include "spindle.h"

static int work(void *arg)
{
  (void)arg;
  return 0;
}

static int produce(sp_generator *self, void *arg) { return sp_yield(self, arg); }

static int run(void *arg)
{
  (void)arg;
  sp_task_options options = {.stack_size = 1u << 30};
  sp_task *task = sp_create_task_with(work, NULL, &options);
  printf("%s: %s\n", task ? "made" : "none", sp_error_message());
  sp_generator *generator = sp_generator_new_with(produce, NULL, &options);
  printf("%s: %s\n", generator ? "made" : "none", sp_error_message());
  return 0;
}

int main(void)
{
  sp_run(run, NULL);
  sp_task_options options = {.stack_size = 1u << 30};
  printf("%s: ", sp_error_name(sp_run_with(run, NULL, &options)));
  printf("%s\n", sp_error_message());
  return 0;
}
