/* Cookies are not supported under Node.js: a session that asks for them is refused.
 * @targets node */
#include <stdio.h>

#include "spindle.h"

static int run(void *arg)
{
  (void)arg;
  sp_session *session = sp_session_new(&(sp_session_options){.cookies = true});
  printf("refused: %d, %s\n", session == NULL, sp_error_message());
  return 0;
}

int main(void) { return sp_run(run, NULL); }
