/* Sessions: whose connections a request uses. The host has the connections; the core counts the
 * requests under way, so that a session is freed only after the last of them. */
#include "core/session.h"
#include "core/error.h"
#include "core/loop.h"
#include "core/loop_owned.h"
#include "host/host.h"
#include "spindle.h"

/* Freed with the loop: the host has closed the connections. */
static void drop_session(sp__loop_owned *owned) { (void)owned; }

sp_session *sp_session_new(const sp_session_options *options)
{
  static const sp_session_options defaults = {.max_connections = 0};
  sp_loop *loop = sp__loop_here();
  if (!loop) return NULL;
  if (!options) options = &defaults;
  if (options->max_connections < 0 || options->max_connections_per_host < 0) {
    sp__fail(SP_EINVAL, "a limit of connections must be >= 0 (0: none)");
    return NULL;
  }
  sp_session *session = sp__loop_owned_new(loop, sizeof *session, drop_session);
  if (!session) return NULL;
  session->loop = loop;
  session->options = *options;
  if (sp__host_session_open(loop->host, session) == 0) return session;
  sp__loop_owned_free(loop, &session->owned);
  return NULL;
}

static void free_if_unused(sp_session *session)
{
  if (!session->dropped || session->refs > 0) return;
  if (!session->loop->closed) sp__host_session_close(session->loop->host, session);
  sp__loop_owned_free(session->loop, &session->owned);
}

void sp_session_free(sp_session *session)
{
  if (!session) return;
  session->dropped = true;
  free_if_unused(session);
}

int sp__session_enter(sp_session *session, sp_loop *loop)
{
  if (!session) return 0;
  if (session->loop != loop) return sp__fail(SP_EINVAL, "the session belongs to another loop");
  if (session->dropped) return sp__fail(SP_EINVAL, "the session was freed");
  session->refs++;
  return 0;
}

void sp__session_leave(sp_session *session)
{
  if (!session) return;
  session->refs--;
  free_if_unused(session);
}
