/* The program in README.md, as it stands there. */
#include <stdio.h>

#include "spindle.h"

static int say(void *word)
{
  if (sp_sleep(1) == 0) puts(word); /* suspends this task only */
  return 0;
}

static int both(void *word)
{
  sp_task *other = sp_create_task(say, "world");
  say(word); /* awaiting a coroutine is calling it */
  return sp_await(other);
}

int main(void) { return sp_run(both, "hello"); }
