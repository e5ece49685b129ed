/* HTTP sessions: connections and cookies shared by requests. */
#ifndef SP_CORE_SESSION_H
#define SP_CORE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/loop_owned.h"
#include "spindle.h"

struct sp_session {
  sp__loop_owned owned;
  sp_loop *loop;
  sp_session_options options;
  uint32_t refs; /* its requests under way */
  bool dropped;  /* the program freed it */
  void *host;
};

/* A request begins with the session (NULL: with none). Returns 0 on success, or SP_EINVAL with the
 * message set. */
int sp__session_enter(sp_session *session, sp_loop *loop);

/* That request is over. */
void sp__session_leave(sp_session *session);

#endif
