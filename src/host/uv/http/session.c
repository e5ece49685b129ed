/* Multi handles: each has connections of its own, and the limits of its session. */
#include <errno.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/session.h"
#include "host/host.h"
#include "host/uv/http/http.h"
#include "spindle.h"

/* --- time --- */

static void on_timer(uv_timer_t *timer) { sp__curl_drive(timer->data, CURL_SOCKET_TIMEOUT, 0); }

static int set_timer(CURLM *multi, long milliseconds, void *arg)
{
  (void)multi;
  sp__curl *curl = arg;
  int error = milliseconds < 0 ? uv_timer_stop(&curl->timer)
                               : uv_timer_start(&curl->timer, on_timer, (uint64_t)milliseconds, 0);
  return error == 0 ? 0 : -1;
}

/* From 8.10 to 8.18 libcurl does not say so when the removal of a transfer lets one begin that
 * waits for its connection (curl#20498). */
void sp__curl_ask_time(sp__curl *curl)
{
  long milliseconds = -1;
  bool asked = curl_multi_timeout(curl->multi, &milliseconds) == CURLM_OK;
  if (!asked || set_timer(curl->multi, milliseconds, curl) != 0) curl->failed = ENOMEM;
}

/* --- opening --- */

static CURLcode initialised;

static void initialise(void) { initialised = curl_global_init(CURL_GLOBAL_DEFAULT); }

/* Once a process and never undone, since others in it may use libcurl, too. */
static bool have_libcurl(void)
{
  static uv_once_t once = UV_ONCE_INIT;
  uv_once(&once, initialise);
  return initialised == CURLE_OK;
}

static bool set_callbacks(sp__curl *curl)
{
  CURLM *multi = curl->multi;
  return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, sp__curl_on_socket) == CURLM_OK &&
         curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, curl) == CURLM_OK &&
         curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer) == CURLM_OK &&
         curl_multi_setopt(multi, CURLMOPT_TIMERDATA, curl) == CURLM_OK;
}

static bool set_limits(sp__curl *curl, const sp_session_options *options)
{
  long most = options->max_connections;
  long most_per_host = options->max_connections_per_host;
  return curl_multi_setopt(curl->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, most) == CURLM_OK &&
         curl_multi_setopt(curl->multi, CURLMOPT_MAX_HOST_CONNECTIONS, most_per_host) == CURLM_OK;
}

/* One cookie jar for all its transfers. */
static bool set_cookies(sp__curl *curl, const sp_session_options *options)
{
  if (!options->cookies) return true;
  curl->share = curl_share_init();
  return curl->share &&
         curl_share_setopt(curl->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE) == CURLSHE_OK;
}

static void free_handles(sp__curl *curl)
{
  if (curl->multi && curl_multi_cleanup(curl->multi) != CURLM_OK) abort();
  if (curl->share && curl_share_cleanup(curl->share) != CURLSHE_OK) abort();
}

static void close_all(sp__host *host);

static const sp__http http = {.carry_out = sp__curl_carry_out, .close_all = close_all};

static sp__curl *open_curl(sp__host *host, const sp_session_options *options)
{
  sp__curl *curl = have_libcurl() ? calloc(1, sizeof *curl) : NULL;
  if (!curl) return NULL;
  host->http = &http;
  curl->host = host;
  unsigned version = curl_version_info(CURLVERSION_NOW)->version_num;
  curl->guards_heads = version < 0x080100;
  curl->peeks = version >= 0x081600;
  curl->drive = sp__curl_drive;
  curl->multi = curl_multi_init();
  if (curl->multi && set_callbacks(curl) && set_limits(curl, options) &&
      set_cookies(curl, options) && uv_timer_init(&host->uv, &curl->timer) == 0) {
    curl->timer.data = curl;
    SP__LIST_APPEND(&host->curls, curl);
    return curl;
  }
  free_handles(curl);
  free(curl);
  return NULL;
}

sp__curl *sp__curl_of(sp__host *host, sp_session *session)
{
  static const sp_session_options defaults = {.max_connections = 0};
  if (session) return session->host;
  if (!host->curl) host->curl = open_curl(host, &defaults);
  return host->curl;
}

/* --- closing --- */

static void free_curl(uv_handle_t *timer) { free(timer->data); }

static void close_curl(sp__curl *curl)
{
  sp__curl_end_all(curl);
  free_handles(curl);
  for (size_t i = 0; i < curl->watcher_capacity; i++) sp__curl_drop_watcher(curl, (curl_socket_t)i);
  free(curl->watchers);
  SP__LIST_REMOVE(&curl->host->curls, curl);
  uv_close((uv_handle_t *)&curl->timer, free_curl);
}

void sp__curl_close_unused(sp__host *host)
{
  host->has_unused = false;
  for (sp__curl *curl = host->curls.first, *next; curl; curl = next) {
    next = curl->next;
    if (curl->unused) close_curl(curl);
  }
}

static void close_all(sp__host *host)
{
  while (host->curls.first) close_curl(host->curls.first);
}

/* --- the host's part --- */

int sp__host_session_open(sp__host *host, sp_session *session)
{
  session->host = open_curl(host, &session->options);
  return session->host ? 0 : sp__fail(SP_ENOMEM, NULL);
}

/* libcurl takes leave of the servers on its connections, for which a task's stack may be too
 * small. */
void sp__host_session_close(sp__host *host, sp_session *session)
{
  sp__curl *curl = session->host;
  curl->unused = host->has_unused = true;
  if (!host->loop->turning) sp__curl_close_unused(host);
}
