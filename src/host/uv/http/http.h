/* HTTP natively, as its own files see it: libcurl moves the bytes, libuv polls.
 *
 * One multi handle a session, and one for the requests that have none. libcurl names the sockets
 * and the time that it waits for; a watcher on each socket (watcher.c) and one timer call it again,
 * and what it finished then completes its operation (transfer.c). What tasks ask for (fetch.c)
 * waits for the end of the turn (submission.c): except for making handles libcurl runs on the
 * loop's stack. request.c tells it what is asked for (url.c: where; standard.c: as the fetch
 * standard spells it), repeat.c what is sent again; response.c receives the response, framing.c
 * refuses invalid headers, redirect.c follows redirects, coding.c unpacks the body, error.c says
 * what went wrong, session.c has the multi handles. */
#ifndef SP_UV_HTTP_H
#define SP_UV_HTTP_H

#include <curl/curl.h>
#include <stdint.h>

#include "core/exchange.h"
#include "host/host.h"
#include "host/uv/uv_host.h"
#include "spindle.h"

typedef struct watcher watcher;

/* The content codings of a response (coding.c). */
enum { SP__CODINGS_MAX = 5 };
typedef struct codings {
  unsigned char kinds[SP__CODINGS_MAX];
  int count;
  bool unknown;                /* one of them is */
  struct unpacking *unpacking; /* NULL: nothing of the body has come yet */
} codings;

/* What a head says so far of its body's end (framing.c). */
typedef struct framing {
  int64_t length;
  bool has_length;
  bool chunked; /* by the last of its transfer codings */
  bool is_last; /* the last header was one of these */
} framing;

/* One exchange, or a spare one: its easy handle is expensive to create, so it is reused. */
typedef struct transfer {
  CURL *easy; /* NULL: not created yet */
  sp__curl *curl;
  sp__fetch *fetch;   /* NULL: aborted, to be removed from libcurl */
  const char *method; /* of the request under way, which may follow a redirect */
  struct curl_slist *headers;
  struct transfer *previous, *next;
  sp__submission submission;
  bool told;         /* the handle is set up with what all plain requests have in common */
  bool plain;        /* such a request, with nothing added */
  bool submitted;    /* it is in the host's list of submissions */
  bool added;        /* libcurl has it */
  bool paused;       /* libcurl keeps the response back until there is capacity */
  bool uploads;      /* the body that is sent comes in pieces */
  bool starved;      /* libcurl waits for the next piece of the body that is sent */
  int status;        /* of the last head, 0 before the first */
  bool expects_line; /* a status line has to come */
  bool in_head;
  bool located; /* that head has a Location */
  framing framing;
  codings codings;
  bool done;        /* libcurl has ended it */
  bool usual;       /* it ended well, and its response was not odd: the handle is reused */
  bool odd;         /* something about its response was unusual */
  bool in_body;     /* what comes now is its body */
  size_t head_size; /* bytes of that head, of informational ones before it, or of trailers */
  int lines;        /* of headers, in that head so far */
  bool sending;     /* a request was sent that nothing has come of yet */
  bool repeated;    /* and not for the first time */
  long sent;        /* bytes of heads before that request */
  int failure;      /* why a callback ended the exchange, or 0 */
  int socket_errno; /* why there was no socket for it, or 0 */
  char error[CURL_ERROR_SIZE];
} transfer;

struct sp__curl {
  CURLM *multi;
  CURLSH *share; /* of a session with cookies; else NULL */
  sp__host *host;
  void (*drive)(sp__curl *curl, curl_socket_t socket, int events); /* what a watcher calls */
  uv_timer_t timer;
  sp__curl *previous, *next; /* all of the host */
  watcher **watchers;        /* by file descriptor */
  size_t watcher_capacity;
  struct {
    transfer *first, *last;
  } active;
  transfer *spares;
  long active_count;
  long spare_count;
  long connections_max;
  bool guards_heads; /* libcurl must not see some lines: see response.c */
  bool peeks;        /* libcurl does not look for a connection's end: see repeat.c */
  int failed;        /* an errno: what keeps a socket from being watched; 0: nothing */
  bool unused;       /* its session was freed */
};

/* --- fetch.c --- */

void sp__curl_carry_out(sp__host *host);

/* --- session.c --- */

/* The session's, or the one for requests without; NULL when out of memory. */
sp__curl *sp__curl_of(sp__host *host, sp_session *session);

/* Sets the timer to the time that libcurl waits for. */
void sp__curl_ask_time(sp__curl *curl);

/* Closes those whose session was freed. */
void sp__curl_close_unused(sp__host *host);

/* --- transfer.c --- */

/* Something happened on a socket, or the timer is due. Called from libuv's callbacks only: libcurl
 * must not be entered from its own. */
void sp__curl_drive(sp__curl *curl, curl_socket_t socket, int events);

/* Returns a transfer that is not in use, or NULL. */
transfer *sp__curl_take(sp__curl *curl);

/* Adds it to libcurl. Returns false when out of memory. */
bool sp__curl_add(transfer *self);

/* The transfer has ended: completes its exchange. */
void sp__curl_finish(transfer *self, CURLcode result);

/* Removes it from libcurl: a response that was read in part takes its connection with it. */
void sp__curl_end(transfer *self);

/* Ends all of them, when something that they wait for would never be reported. */
void sp__curl_end_if_failed(sp__curl *curl);

/* Ends those that are left, and frees the spare ones. */
void sp__curl_end_all(sp__curl *curl);

/* --- submission.c --- */

/* Returns the first of them, taken out, or NULL if there is none. */
transfer *sp__curl_next_submission(sp__host *host);
void sp__curl_take_back(transfer *self);

/* The same from libcurl's callbacks: at the end of the next turn, which is sure to come. */
void sp__curl_submit_later(transfer *self);

/* --- watcher.c: callbacks for libcurl, and a watcher's end --- */

int sp__curl_on_socket(CURL *easy, curl_socket_t socket, int what, void *curl, void *unused);
curl_socket_t sp__curl_open_connection(void *transfer, curlsocktype purpose,
                                       struct curl_sockaddr *address);
int sp__curl_close_connection(void *curl, curl_socket_t socket);

/* The socket may be closed as soon as this returns. */
void sp__curl_drop_watcher(sp__curl *curl, curl_socket_t socket);

/* --- response.c: callbacks for libcurl --- */

size_t sp__curl_on_line(char *line, size_t one, size_t size, void *transfer);
size_t sp__curl_on_body(char *data, size_t one, size_t size, void *transfer);
size_t sp__curl_on_upload(char *target, size_t one, size_t size, void *transfer);

/* --- framing.c: each returns 0, or SP_EPROTOCOL with the message set --- */

/* A line of a head, with its line break. */
int sp__framing_check_line(transfer *self, const char *line, size_t size);

int sp__framing_add(transfer *self, const char *name, size_t name_size, const char *value,
                    size_t size);

/* The last header continues. */
int sp__framing_fold(transfer *self);

/* --- redirect.c --- */

/* Whether the fetch standard follows a response with this status. */
bool sp__curl_is_redirect(int status);

/* A response of status 3xx begins: sets the method and the headers of the next request. Returns 0
 * or SP_ENOMEM. */
int sp__curl_prepare_redirect(transfer *self);

/* The value of its Location, which may be "". Returns 0, SP_EREDIRECT with the message set, or
 * SP_ENOMEM. */
int sp__curl_on_location(transfer *self, const char *value, size_t size);

/* --- coding.c --- */

/* The response has a Content-Encoding. Returns 0, or SP_EPROTOCOL with the message set. */
int sp__codings_add(transfer *self, const char *list, size_t size);

/* A new response begins, or none will. */
void sp__codings_reset(transfer *self);

/* Whether the body is to be unpacked, and is not just passed on. */
bool sp__codings_apply(const transfer *self);

/* A piece of the body, with the contract of libcurl's write callback. */
size_t sp__codings_unpack(transfer *self, const char *data, size_t size);

/* Whether all that was begun has its end. */
bool sp__codings_are_whole(const transfer *self);

/* --- repeat.c --- */

/* Whether a request without a response may be sent once more. */
bool sp__curl_may_repeat(const transfer *self);

/* A callback for libcurl. */
int sp__curl_before_sending(void *transfer, char *remote, char *local, int remote_port,
                            int local_port);

/* --- error.c --- */

/* Returns 0, or the error that libcurl's result means for the transfer. */
int sp__curl_code_of(const transfer *self, CURLcode result);

/* Returns the message for it, to be freed, or NULL where the code says it all. */
char *sp__curl_explain(const transfer *self, CURLcode result);

/* --- url.c --- */

/* Whether the URL may be passed to libcurl as it is. */
bool sp__curl_is_plain_url(const char *url);

/* Returns the URL for libcurl, from malloc, or NULL: out of memory, or the transfer's failure is
 * set. */
char *sp__curl_make_url(transfer *self, const char *given);

/* --- standard.c --- */

bool sp__curl_is_http(const char *url);
bool sp__curl_is_https(const char *url);

/* Whether the method is GET or HEAD. */
bool sp__curl_only_reads(const transfer *self);

/* The method as the fetch standard spells it. */
const char *sp__curl_method_of(const char *given);

/* --- request.c --- */

/* Whether it asks for a URL and nothing else. */
bool sp__curl_is_plain(const transfer *self, const sp__fetch *fetch);

/* Sets libcurl's callbacks and the request. Returns false when out of memory. */
bool sp__curl_set_request(transfer *self, const sp__fetch *fetch);

#endif
