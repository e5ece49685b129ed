/* The JavaScript host, as its own files see it. */
#ifndef SP_JS_HOST_H
#define SP_JS_HOST_H

#include "core/core.h"

struct sp__host {
  sp_loop *loop;
  sp_executor *pool; /* the default one, made when it is needed first */
  bool stopped;
};

#endif
