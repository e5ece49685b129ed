/* What JavaScript reports of an operation that failed. */
#include <emscripten.h>

#include "core/error.h"
#include "host/js/js_host.h"
#include "spindle.h"

/* `name` is NULL when there was no memory for it. */
EMSCRIPTEN_KEEPALIVE int sp__js_error_code(const char *name)
{
  return name ? sp__error_code(name) : SP_ENOMEM;
}

void sp__js_take_message(char **message, const char *text)
{
  if (text && *text && !*message) *message = sp__message_copy(text);
}
