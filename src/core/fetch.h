/* What the parts of sp_fetch share: the check of a request (request.c), its response (response.c),
 * a body that is sent in pieces (upload.c), the URL (url.c) and the exchange itself (fetch.c). */
#ifndef SP_FETCH_H
#define SP_FETCH_H

#include "core/exchange.h"
#include "core/task.h"
#include "spindle.h"

/* Returns the method that the options ask for. */
const char *sp__method_of(const sp_fetch_options *options);

/* Returns 0 on success, or SP_EINVAL with the message set. */
int sp__request_check(const sp_fetch_options *options, const char *method);

/* Returns 0 on success, or SP_EINVAL with the message set: control characters, or not UTF-8. */
int sp__url_check(const char *url);

/* Moves the user name and password in fetch->url to a header, unless there is an Authorization.
 * Returns 0 on success, or SP_ENOMEM. */
int sp__url_take_secret(sp__fetch *fetch);

/* Removes them from a URL, in place. */
void sp__url_drop_secret(char *url);

/* Whether two names of headers or methods are equal, ignoring case. */
bool sp__same_name(const char *a, const char *b);

/* Moves what has arrived to the caller. Returns the status, or SP_ENOMEM. */
int sp__fetch_hand_over(sp__fetch *fetch, sp_response *response);

/* Frees a response that has no other owner, and zeroes it. */
void sp__response_empty(sp_response *response);

/* Frees the response so far. */
void sp__fetch_drop_response(sp__fetch *fetch);

/* Asks the program for the next piece of the body and passes it to the host; an error from the
 * program ends the exchange. Returns 0 on success, or SP_ECANCELED when the task was cancelled
 * meanwhile. */
int sp__upload_piece(sp__fetch *fetch);

/* Ends an exchange that the host still has, with an error. Takes ownership of `message`, which may
 * be NULL. */
void sp__fetch_fail(sp__fetch *fetch, int code, char *message);

/* Suspends until `enough` or the end of the exchange, and sends meanwhile. Returns 0 when it is
 * enough, the exchange's result, or SP_ECANCELED. */
int sp__fetch_follow(sp__fetch *fetch, sp__task *task, bool (*enough)(const sp__fetch *fetch),
                     const char *where);

/* Turns an error of the exchange into the program's: sets the message, returns the code. */
int sp__fetch_explain(const sp__fetch *fetch, int code);

/* The task is done with the exchange, which is aborted if it is still under way. */
void sp__fetch_end(sp__fetch *fetch);

#endif
