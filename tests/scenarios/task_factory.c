/* A task factory makes the tasks of a loop, with other options or another function. */
#include <stdio.h>

#include "spindle.h"

static int made;

static int works(void *arg)
{
  printf("%s works as %s\n", (const char *)arg, sp_task_name(sp_task_current()));
  return 3;
}

static int twice(void *arg) { return 2 * works(arg); }

static sp_task *factory(sp_loop *loop, sp_coroutine *fn, void *arg, const sp_task_options *options,
                        const char *fn_name, const char *where, void *factory_arg)
{
  char name[32];
  snprintf(name, sizeof name, "%s-%d", (const char *)factory_arg, ++made);
  sp_task_options own = options ? *options : (sp_task_options){.name = NULL};
  own.name = own.name ? own.name : name;
  fn = fn == works ? twice : fn;
  return sp_loop_create_task_from(loop, fn, arg, &own, fn_name, where);
}

static sp_task *refuses(sp_loop *loop, sp_coroutine *fn, void *arg, const sp_task_options *options,
                        const char *fn_name, const char *where, void *factory_arg)
{
  (void)loop, (void)fn, (void)arg, (void)options, (void)where, (void)factory_arg;
  sp_fail(SP_EUSER, "no task for %s", fn_name);
  return NULL;
}

static int run(void *arg)
{
  sp_loop *loop = arg;
  sp_task_options options = {.name = "named"};
  printf("%d\n", sp_await(sp_create_task(works, "by spindle")));
  sp_loop_set_task_factory(loop, factory, "made");
  printf("%d\n", sp_await(sp_create_task(works, "first")));
  printf("%d\n", sp_await(sp_create_task_with(works, "second", &options)));
  printf("%d\n", sp_await(sp_loop_create_task(loop, works, "third")));
  sp_loop_set_task_factory(loop, refuses, NULL);
  if (!sp_create_task(works, "never")) printf("%s\n", sp_error_message());
  sp_loop_set_task_factory(loop, NULL, NULL);
  printf("%d\n", sp_await(sp_create_task(works, "by spindle again")));
  return 0;
}

int main(void)
{
  sp_loop *loop = sp_loop_new(NULL);
  int result = sp_loop_run(loop, run, loop);
  sp_loop_free(loop);
  return result;
}
