/* What tasks are given and give: a struct for each that outlives it, a number as the result. */
#include <stdio.h>
#include <string.h>

#include "spindle.h"

/* A task's argument, and the place for a result that is no int. */
typedef struct lookup {
  const char *host;
  char address[40];
} lookup;

static int resolve(void *arg)
{
  lookup *self = arg;
  int error = sp_sleep(0.02); /* what a name server would take */
  if (error < 0) return error;
  if (strcmp(self->host, "nowhere") == 0) return sp_fail(SP_EDNS, "no address of %s", self->host);
  snprintf(self->address, sizeof self->address, "192.0.2.%zu", strlen(self->host));
  return (int)strlen(self->address);
}

static int run(void *arg)
{
  (void)arg;
  lookup lookups[] = {{.host = "example"}, {.host = "nowhere"}, {.host = "localhost"}};
  sp_task *tasks[3];
  for (int i = 0; i < 3; i++) tasks[i] = sp_create_task(resolve, &lookups[i]);
  for (int i = 0; i < 3; i++) {
    int result = sp_await(tasks[i]); /* and the handle is released */
    if (result >= 0) {
      printf("%s is %s, %d characters\n", lookups[i].host, lookups[i].address, result);
    } else {
      printf("%s: %s\n", sp_error_name(result), sp_error_message());
    }
  }
  return 0;
}

int main(void) { return sp_run(run, NULL); }
