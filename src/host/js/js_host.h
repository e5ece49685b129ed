/* The JavaScript host, as its own files see it. */
#ifndef SP_JS_HOST_H
#define SP_JS_HOST_H

#include "host/host.h"
#include "spindle.h"

struct sp__host {
  sp_loop *loop;
  bool stopped;
};

/* Keeps a copy of JavaScript's message for an error, unless there is one already. */
void sp__js_take_message(char **message, const char *text);

#endif
