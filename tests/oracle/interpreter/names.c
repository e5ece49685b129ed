/* Objects by their names, and the other words of an op. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

int number_of(const char *name) { return atoi(name + 1); }

static int number_of_task(const o_run *run, const sp_future *task)
{
  for (int i = 0; task && i < MANY; i++) {
    if (run->tasks[i].task == task) return i;
  }
  return -1;
}

int own_number(const o_run *run) { return number_of_task(run, sp_task_current()); }

sp_future *find(o_run *run, const char *name)
{
  return name[0] == 't' ? run->tasks[number_of(name)].task : run->futures[number_of(name)];
}

sp_future *find_awaited(o_run *run, const char *name)
{
  if (name[0] == 't') {
    int own = own_number(run);
    if (own < 0 || own >= number_of(name)) return NULL;
  }
  return find(run, name);
}

void say_name(const o_run *run, o_text *text, const sp_future *future)
{
  int task = number_of_task(run, future);
  if (task >= 0) {
    say(text, "t%d", task);
    return;
  }
  for (int i = 0; i < MANY; i++) {
    if (run->futures[i] == future) {
      say(text, "f%d", i);
      return;
    }
  }
  say(text, "-");
}

double seconds(const char *word) { return strcmp(word, "inf") == 0 ? INFINITY : atof(word); }

const char *message(const char *word) { return strcmp(word, "-") == 0 ? NULL : word; }

int error_code(const char *word)
{
  if (strcmp(word, "cancelled") == 0) return SP_ECANCELED;
  if (strcmp(word, "timedout") == 0) return SP_ETIMEDOUT;
  return SP_EUSER - atoi(word);
}

bool error_is(int code, const char *kind)
{
  if (strcmp(kind, "any") == 0) return true;
  if (strcmp(kind, "cancelled") == 0) return code == SP_ECANCELED;
  if (strcmp(kind, "timedout") == 0) return code == SP_ETIMEDOUT;
  if (strcmp(kind, "user") == 0) return code <= SP_EUSER;
  if (strcmp(kind, "group") == 0) return code == SP_EGROUP;
  return code != SP_ECANCELED && code != SP_EGENERATOREXIT; /* error: Python's Exception */
}
