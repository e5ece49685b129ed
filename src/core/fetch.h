/* What the parts of sp_fetch share: the check of a request (request.c), its answer (response.c), a
 * body that is sent in pieces (upload.c), the URL (url.c) and the exchange itself (fetch.c). */
#ifndef SP_FETCH_H
#define SP_FETCH_H

#include "core/exchange.h"
#include "core/task.h"
#include "spindle.h"

/* The method that the options ask for. */
const char *sp__method_of(const sp_fetch_options *options);

/* 0, or SP_EINVAL with the message set. */
int sp__request_check(const sp_fetch_options *options, const char *method);

/* 0, or SP_EINVAL with the message set: control characters, and what is not UTF-8. */
int sp__url_check(const char *url);

/* The name and the password in fetch->url become a header, unless there is an Authorization. 0 or
 * SP_ENOMEM. */
int sp__url_take_secret(sp__fetch *fetch);

/* Shortens a URL by them. */
void sp__url_drop_secret(char *url);

/* Whether two names of headers or methods are the same, in any case. */
bool sp__same_name(const char *a, const char *b);

/* What has come goes to the caller. The status, or SP_ENOMEM. */
int sp__fetch_hand_over(sp__fetch *fetch, sp_response *response);

/* Frees an answer that is nobody else's, and zeroes it. */
void sp__response_empty(sp_response *response);

/* Frees the answer so far. */
void sp__fetch_drop_answer(sp__fetch *fetch);

/* Asks the program for the next piece of the body, and gives it to the host; a program that fails
 * ends the exchange. 0, or SP_ECANCELED when the task was asked to stop meanwhile. */
int sp__upload_piece(sp__fetch *fetch);

/* Ends an exchange that the host still has, with an error; `message` (given away) may be NULL. */
void sp__fetch_fail(sp__fetch *fetch, int code, char *message);

/* Suspends until `enough` or the end of the exchange, and sends meanwhile. 0 when it is enough, the
 * exchange's result, or SP_ECANCELED. */
int sp__fetch_follow(sp__fetch *fetch, sp__task *task, bool (*enough)(const sp__fetch *fetch),
                     const char *where);

/* What an error of the exchange is to the program: sets the message, returns the code. */
int sp__fetch_explain(const sp__fetch *fetch, int code);

/* The task is through with the exchange, which is aborted if it goes on. */
void sp__fetch_end(sp__fetch *fetch);

#endif
