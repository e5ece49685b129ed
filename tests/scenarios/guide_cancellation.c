/* A cancelled task cleans up on its one way out, and a part of it is shielded. */
#include <stdio.h>

#include "spindle.h"

static int save(void *arg)
{
  (void)arg;
  int error = sp_sleep(0.02);
  if (error == 0) puts("saved");
  return error;
}

static int edit(void *document)
{
  printf("%s is open\n", (char *)document);
  int error = sp_sleep(60);
  printf("edit: %s, %s\n", sp_error_name(error), sp_error_message());
  int saved = sp_await(sp_create_task(save, NULL)); /* cleaning up may suspend */
  printf("%s is closed\n", (char *)document);
  return error < 0 ? error : saved;
}

/* Has the document saved, whatever happens to the caller meanwhile. */
static int save_shielded(void *arg)
{
  sp_task *saving = sp_create_task(save, arg);
  int error = sp_shield(saving);
  if (error == SP_ECANCELED) puts("cancelled, but it is being saved");
  int saved = sp_await(saving); /* sp_shield releases no handle */
  return error < 0 ? error : saved;
}

static int cancelled(sp_task *task)
{
  sp_sleep(0); /* it begins, and suspends */
  sp_task_cancel(task, "the user left");
  return sp_await(task);
}

static int run(void *arg)
{
  (void)arg;
  printf("%s\n", sp_error_name(cancelled(sp_create_task(edit, "a letter"))));
  printf("%s\n", sp_error_name(cancelled(sp_create_task(save_shielded, NULL))));
  return 0;
}

int main(void) { return sp_run(run, NULL); }
