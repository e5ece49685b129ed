/* The second seam: the outside world.
 *
 * A host tells the time, wakes the loop, and does what takes time elsewhere: transfers, files,
 * threads. It calls sp__loop_turn when there is something to do, and never a task. Each operation
 * that was started ends in exactly one sp__op_complete, on the loop's thread, unless it was aborted
 * first. Implementations: uv/ (libuv, libcurl) and js/ (browsers and Node); one of them is
 * linked. */
#ifndef SP_HOST_H
#define SP_HOST_H

#include <stdbool.h>
#include <stddef.h>

#include "spindle.h"

typedef struct sp__host sp__host;

/* Whether a loop can run here. Returns 0, or SP_ENOTSUP with the message set. */
int sp__host_check(void);

/* Returns NULL, with the message set, when out of memory or of another resource that a loop
 * needs. */
sp__host *sp__host_open(sp_loop *loop);

/* Called after the loop's last turn. Waits for threads that still run. */
void sp__host_close(sp__host *host);

/* How long a turn may take, in seconds, before it returns to the host. */
extern const double sp__host_turn_budget;

/* Writes a last message to stderr. May be called from a signal handler. */
void sp__host_complain(const char *text);

/* Seconds since some start; may stand still, never goes back. From any thread, each of which may
 * have a start of its own; `host` may be NULL. */
double sp__host_now(sp__host *host);

/* Has sp__loop_turn called, again and again as it asks, until sp__host_stop; returns after that.
 * Natively it blocks; on the web it parks main(). Returns 0, or SP_ENOMEM with the message set. */
int sp__host_run(sp__host *host);

/* Ends sp__host_run after the turn that calls this. */
void sp__host_stop(sp__host *host);

/* Something is ready, or a timer is set, that the last turn did not know of. On the loop's
 * thread. */
void sp__host_wake(sp__host *host);

/* --- threads --- */

/* Where there are none, of all functions below only sp__host_wake_from_thread and those of mutexes
 * and condition variables are called, and these need do nothing. */
bool sp__host_has_threads(void);

/* As sp__host_wake, from any thread. */
void sp__host_wake_from_thread(sp__host *host);

/* sp__host_mutex_new and sp__host_cond_new return NULL when out of memory. */
typedef struct sp__mutex sp__mutex;
sp__mutex *sp__host_mutex_new(void);
void sp__host_mutex_free(sp__mutex *mutex);
void sp__host_mutex_lock(sp__mutex *mutex);
void sp__host_mutex_unlock(sp__mutex *mutex);

/* A condition variable. The wait releases the mutex meanwhile and lasts at most `seconds`
 * (INFINITY: no limit); it may wake spuriously. */
typedef struct sp__cond sp__cond;
sp__cond *sp__host_cond_new(void);
void sp__host_cond_free(sp__cond *cond);
void sp__host_cond_wait(sp__cond *cond, sp__mutex *mutex, double seconds);
void sp__host_cond_signal(sp__cond *cond);
void sp__host_cond_broadcast(sp__cond *cond);

/* Starts a thread, or returns NULL. When sp__host_thread_end is called, fn is about to return by
 * itself: natively the call waits for that; a page's main thread must not wait for what only its
 * own event loop can start. */
typedef struct sp__thread sp__thread;
sp__thread *sp__host_thread_start(void (*fn)(void *arg), void *arg);
void sp__host_thread_end(sp__thread *thread);

/* --- files --- */

/* A file that is being written and does not have its name yet: the host's own. */
typedef struct sp__draft sp__draft;

typedef struct sp__file_write sp__file_write;
typedef struct sp__file_read sp__file_read;

/* Appends write->pieces to write->draft, which is made if it is NULL; with write->last it is then
 * given the name write->path, whole. Then completes write->op with 0 or an error, for which
 * write->message may be set; after an error, and after the last write, write->draft is NULL and
 * nothing of it is left but the file. Cannot be aborted. Returns 0, SP_ENOMEM, or SP_ENOTSUP where
 * files cannot be written. */
int sp__host_file_write_start(sp__host *host, sp__file_write *write);

/* Drops a draft that nobody continues to write: nothing of it stays. `host` is NULL when it has
 * been closed. Does not block the loop for it, unless that is closed. */
void sp__host_draft_drop(sp__host *host, sp__draft *draft);

/* Reads read->path into read->data, from malloc and NUL-terminated, and read->size; then completes
 * read->op with 0 or an error, for which read->message may be set. Returns 0, SP_ENOMEM, or
 * SP_ENOTSUP where files cannot be read. */
int sp__host_file_read_start(sp__host *host, sp__file_read *read);

/* The host forgets `read` before this returns and does not complete it. */
void sp__host_file_read_abort(sp__host *host, sp__file_read *read);

/* --- the environment --- */

/* Whether SPINDLE_DEBUG is set and not empty. */
bool sp__host_wants_debug(void);

/* --- terminals --- */

/* As sp_terminal_columns, from any thread. */
int sp__host_columns(int fd);

/* --- http --- */

typedef struct sp__fetch sp__fetch;

/* Begins the exchange that url, method and options describe; the response goes through
 * sp__fetch_on_* (core), then sp__op_complete. Returns 0, or an error at once, for which
 * fetch->message may be set. */
int sp__host_fetch_start(sp__host *host, sp__fetch *fetch);

/* The task waits for more of a body that it reads in pieces. */
void sp__host_fetch_want(sp__host *host, sp__fetch *fetch);

/* The next piece of the body that is sent, or its end, is in fetch->upload. */
void sp__host_fetch_send(sp__host *host, sp__fetch *fetch);

/* Ends the exchange and closes its connection. The host forgets `fetch` before this returns and
 * does not complete it. */
void sp__host_fetch_abort(sp__host *host, sp__fetch *fetch);

/* Opens connections of the session's own, with the limits in session->options. Returns 0, SP_ENOMEM
 * or SP_ENOTSUP, with the message set. */
int sp__host_session_open(sp__host *host, sp_session *session);

/* Called when no request of the session is under way. sp__host_close closes those that are left. */
void sp__host_session_close(sp__host *host, sp_session *session);

#endif
