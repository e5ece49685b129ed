/* spindle: asyncio for C. The one public header.
 *
 * One C source runs its coroutines in the browser, under Node.js and natively, with the semantics
 * of Python's asyncio.
 *
 * - A coroutine is any C function; awaiting one is calling it.
 * - A task runs `int fn(void *arg)`: a return value >= 0 is its result, < 0 is its error.
 *   Everything larger travels through `arg`.
 * - Time is in seconds, as a double. Strings are UTF-8.
 * - A call that can suspend says "Suspends." It returns an int, negative on failure. Called where
 *   nothing can be suspended (outside a task, or in a C function that JavaScript called in the
 *   middle of a task) it does nothing and returns SP_ENOTASK.
 * - Everything belongs to the thread that runs the loop: nothing here may be called for a loop from
 *   another thread, unless it says "From any thread."
 *
 * Sections: errors, running, tasks, futures, waits, callbacks, threads, files, http. */
#ifndef SPINDLE_H
#define SPINDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SP__PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define SP__PRINTF(text, first)
#endif

/* The place of a call, "file.c:12". The macros below pass it, so that a task can say where it is.
 */
#define SP__STRING_OF(x) #x
#define SP__STRING(x) SP__STRING_OF(x)
#define SP_HERE __FILE__ ":" SP__STRING(__LINE__)

/* ---------------------------------------------------------------------------------------------
 * Errors
 *
 * name, value, what sp_strerror says; the comment is Python's name for it. Values from -999 to -1
 * belong to spindle; a program's own codes are SP_EUSER (-1000) and below. */
#define SP_ERRORS(X)                                                                           \
  X(SP_ECANCELED, -1, "cancelled")                         /* CancelledError */                \
  X(SP_ETIMEDOUT, -2, "timed out")                         /* TimeoutError */                  \
  X(SP_EINVALIDSTATE, -3, "invalid state")                 /* InvalidStateError */             \
  X(SP_ENOTASK, -4, "nothing can be suspended here")       /* RuntimeError: no running... */   \
  X(SP_ERUNNING, -5, "This event loop is already running") /* RuntimeError, same words */      \
  X(SP_EINTERRUPTED, -6, "interrupted")                    /* KeyboardInterrupt */             \
  X(SP_ENOMEM, -7, "out of memory")                        /* MemoryError */                   \
  X(SP_EINVAL, -8, "invalid argument")                     /* ValueError */                    \
  X(SP_ENOTSUP, -9, "not supported here")                  /* NotImplementedError */           \
  X(SP_ECONNREFUSED, -20, "connection refused")            /* ConnectionRefusedError */        \
  X(SP_ECONNRESET, -21, "connection reset")                /* ConnectionResetError */          \
  X(SP_EDNS, -22, "host name not found")                   /* socket.gaierror */               \
  X(SP_ETLS, -23, "secure connection failed")              /* ssl.SSLError */                  \
  X(SP_ETRUNCATED, -24, "the answer ended early")          /* IncompleteReadError */           \
  X(SP_EREDIRECT, -25, "redirect not followed")            /* TooManyRedirects */              \
  X(SP_EPROTOCOL, -26, "protocol error")                   /* BadHttpMessage */                \
  X(SP_ENETWORK, -27, "network error")                     /* OSError; in browsers, which    \
                            do not tell a refused connection from an unknown host */ \
  X(SP_ENOENT, -40, "no such file or folder")              /* FileNotFoundError */             \
  X(SP_EACCES, -41, "permission denied")                   /* PermissionError */               \
  X(SP_EISDIR, -42, "is a folder")                         /* IsADirectoryError */             \
  X(SP_ENOTDIR, -43, "is not a folder")                    /* NotADirectoryError */            \
  X(SP_ENOSPC, -44, "no space left on the device")         /* OSError(ENOSPC) */               \
  X(SP_EIO, -45, "input/output error")                     /* OSError */

#define SP__ENUMERATE(name, value, text) name = value,
enum sp_error { SP_OK = 0, SP_ERRORS(SP__ENUMERATE) SP_EUSER = -1000 };
#undef SP__ENUMERATE

/* What a code means, in a few words: "timed out"; "ok" for 0 and more, "error" for a code that is
 * not spindle's. Never NULL, never freed. From any thread. */
const char *sp_strerror(int code);

/* The code's name: "SP_ETIMEDOUT", or "error" for a code that is not spindle's. From any thread. */
const char *sp_error_name(int code);

/* The message of the last error that a call in this task returned (outside tasks: in this thread):
 * what went wrong and where, as "GET http://127.0.0.1:9/: connection refused". An error that
 * carries none has its code's text. "" when nothing has failed. Valid until the next failing call
 * in this task (thread). An error that passes through sp_await or sp_to_thread brings its message
 * with it. From any thread.
 * asyncio: str(exception). */
const char *sp_error_message(void);

/* Returns `code` (< 0) and sets the message to the printf text, cut at 1,023 bytes: the way a
 * program's own function fails, `return sp_fail(SP_EINVAL, "no country %s", cc);`. From any thread.
 * asyncio: raise. */
int sp_fail(int code, const char *format, ...) SP__PRINTF(2, 3);

/* ---------------------------------------------------------------------------------------------
 * Running */

typedef struct sp_loop sp_loop;

/* A future, and a task: a task is a future that a coroutine fulfils, so whatever takes a future
 * takes a task. Two names for one type, to say which is meant. */
typedef struct sp_future sp_future;
typedef struct sp_future sp_task;

typedef int sp_coroutine(void *arg);

typedef struct sp_task_options {
  const char *name;  /* copied; NULL: "Task-N", as asyncio counts them */
  size_t stack_size; /* bytes of C stack; 0: 65536. Rounded up to a power of two, at least 1024 on
                        the web and 16384 natively, at most 256 MiB on the web and 32 MiB natively.
                        The task's own block (some 300 bytes) and natively a guard page come off it.
                        A task that overruns its stack ends the program with a message that names
                        it. */
} sp_task_options;

/* Runs fn(arg) as the main task of a new loop of this thread and returns what it returned, after
 * cancelling and awaiting every task that is left. It blocks the thread natively; on the web it
 * parks main() while the browser's or Node's own loop goes on. While it runs it has SIGINT: Ctrl-C
 * cancels the main task; a second one, or one when the main task is done, ends the program. In a
 * page the module's `interrupt()` is the first Ctrl-C, and returns false in place of the second.
 * Errors: those of fn; SP_EINTERRUPTED when Ctrl-C cancelled it; SP_ERUNNING when this thread
 * already runs a loop; SP_ENOMEM; on the web SP_ENOTSUP when main() of the main thread is not what
 * called it.
 * asyncio: run. */
#define sp_run(fn, arg) sp_run_at((fn), (arg), NULL, #fn, SP_HERE)

/* sp_run with options for the main task. `options` is read before the call returns or suspends. */
#define sp_run_with(fn, arg, options) sp_run_at((fn), (arg), (options), #fn, SP_HERE)

int sp_run_at(sp_coroutine *fn, void *arg, const sp_task_options *options, const char *fn_name,
              const char *where);

/* The loop that this thread runs, or NULL. asyncio: get_running_loop. */
sp_loop *sp_loop_running(void);

/* The clock of a loop (not NULL), in seconds from some start. It never stands still: no two calls
 * give the same time, so equal delays end in the order in which they began. asyncio: loop.time. */
double sp_loop_time(sp_loop *loop);

/* ---------------------------------------------------------------------------------------------
 * Tasks
 *
 * As with pthreads, each task is released once: by sp_await (join) or by sp_task_detach; several
 * tasks may be awaiting it then. What takes an sp_task is for tasks only, not for other futures. A
 * task that failed and whose error nobody took says so on stderr when it is released or when the
 * loop ends: "Task exception was never retrieved". */

/* Schedules fn(arg) to run soon as a task of the running loop and returns its handle, or NULL: out
 * of memory, or no loop runs (sp_error_message says which). It does not suspend: fn starts in the
 * next iteration of the loop, after what is ready already. `arg` stays the caller's and must live
 * as long as fn uses it. The macro keeps fn's name and this place for reports.
 * asyncio: create_task. */
#define sp_create_task(fn, arg) sp_create_task_at((fn), (arg), NULL, #fn, SP_HERE)

/* The same with a name or a stack size. `options` is read during the call. */
#define sp_create_task_with(fn, arg, options) \
  sp_create_task_at((fn), (arg), (options), #fn, SP_HERE)

sp_task *sp_create_task_at(sp_coroutine *fn, void *arg, const sp_task_options *options,
                           const char *fn_name, const char *where);

/* The task that runs, or NULL in a callback or outside a loop. Borrowed: not to be released unless
 * referenced. asyncio: current_task. */
sp_task *sp_task_current(void);

/* Asks the task to stop: the call it is suspended in, or else its next suspension, returns
 * SP_ECANCELED once, with `message` (copied, may be NULL) as the error's message. A task that has
 * not begun never runs. The task may clean up, take its time, or go on. Cancelling a task that
 * awaits another cancels that one. True if it was asked, false if it was done already. asyncio:
 * Task.cancel. */
bool sp_task_cancel(sp_task *task, const char *message);

/* Takes one request to cancel back and returns how many are left, 0 or more; with none left a
 * request not yet delivered is dropped. asyncio: Task.uncancel. */
int sp_task_uncancel(sp_task *task);

/* How many requests to cancel the task has had, less those taken back. asyncio: Task.cancelling. */
int sp_task_cancelling(const sp_task *task);

/* Lets the task go: it runs on, and is released when it ends. asyncio: dropping the reference. */
void sp_task_detach(sp_task *task);

/* One handle more to the same task, to be released by an sp_await or sp_task_detach of its own.
 * Returns `task`. */
sp_task *sp_task_ref(sp_task *task);

/* The task's name, valid until it is renamed or released. asyncio: get_name. */
const char *sp_task_name(sp_task *task);

/* Renames the task; `name` is copied; NULL: "Task-N" again. 0 or SP_ENOMEM. asyncio: set_name. */
int sp_task_set_name(sp_task *task, const char *name);

/* Writes what the future or task is doing, as
 * "<Task pending name='Task-2' coro=<spin() running at spinner.c:14>>", cut to `size` bytes with
 * its NUL. Returns the length of the uncut text; long names and messages are shortened in it.
 * asyncio: repr. */
size_t sp_repr(const sp_future *future, char *text, size_t size);

/* ---------------------------------------------------------------------------------------------
 * Futures: a result that arrives later */

/* A pending future of the running loop, to be freed with sp_future_free; NULL when out of memory or
 * when no loop runs. asyncio: loop.create_future. */
sp_future *sp_future_new(void);

/* Frees a future from sp_future_new, done or not, before its loop ends. Nobody may be awaiting it,
 * and no callback of it may be waiting to run. NULL is let be. Not for tasks. */
void sp_future_free(sp_future *future);

/* Fulfils the future with `result` (>= 0); who awaits it goes on in the next iteration.
 * 0; SP_EINVALIDSTATE if it is done already or is a task; SP_EINVAL for a negative result.
 * asyncio: set_result. */
int sp_future_set_result(sp_future *future, int result);

/* The same with an error (< 0) and its message (copied, may be NULL). SP_ECANCELED cancels it.
 * 0; SP_EINVALIDSTATE; SP_EINVAL for code >= 0. asyncio: set_exception. */
int sp_future_set_error(sp_future *future, int code, const char *message);

/* Cancels the future, or asks the task to stop (sp_task_cancel). False if it was done already.
 * asyncio: cancel. */
bool sp_future_cancel(sp_future *future, const char *message);

/* Whether it has a result, has an error, or was cancelled. asyncio: done. */
bool sp_future_done(const sp_future *future);

/* Whether it was cancelled. asyncio: cancelled. */
bool sp_future_cancelled(const sp_future *future);

/* Its result (>= 0) or its error (< 0, with the message set; it counts as retrieved), or
 * SP_EINVALIDSTATE when it is not done. Does not suspend, does not release. asyncio: result. */
int sp_future_result(sp_future *future);

typedef void sp_done_callback(sp_future *future, void *arg);

/* Has fn(future, arg) called in the iteration after the future is done (the next one, if it is
 * already), in the order of adding. 0 or SP_ENOMEM. asyncio: add_done_callback. */
int sp_future_add_done_callback(sp_future *future, sp_done_callback *fn, void *arg);

/* Takes back every callback added with this fn and arg that was not scheduled yet; returns how
 * many. asyncio: remove_done_callback. */
int sp_future_remove_done_callback(sp_future *future, sp_done_callback *fn, void *arg);

/* ---------------------------------------------------------------------------------------------
 * Waits */

/* Suspends until the future is done and returns its result or its error, whose message it sets.
 * A future that is done already is not suspended for. If it is a task, its handle is released, once
 * however many await it. Cancelling the caller cancels what it awaits. Suspends.
 * Errors: the future's own; SP_ECANCELED when it or the caller was cancelled. The handle is not
 * released by SP_ENOTASK and SP_EINVAL: NULL, or a task that waits for the caller, itself or
 * through others. asyncio: await. */
#define sp_await(future) sp_await_at((future), SP_HERE)
int sp_await_at(sp_future *future, const char *where);

/* Suspends for `seconds`; 0 or less lets everything else that is ready run once, and infinity waits
 * for cancellation. Returns 0. Suspends.
 * Errors: SP_ECANCELED, SP_ENOTASK, SP_ENOMEM; SP_EINVAL for a NaN. asyncio: sleep. */
#define sp_sleep(seconds) sp_sleep_at((seconds), SP_HERE)
int sp_sleep_at(double seconds, const char *where);

/* ---------------------------------------------------------------------------------------------
 * Callbacks: functions that the loop calls. They run outside tasks and cannot suspend. */

typedef void sp_callback(void *arg);

/* A scheduled call. A value to copy, never released; it stays valid until the loop ends, and
 * cancelling it after its call has run does nothing. `call` is NULL when scheduling failed: out of
 * memory, a time that is not a number, or a NULL loop; sp_error_message says which. */
typedef struct sp_handle {
  struct sp__call *call;
  uint32_t generation;
} sp_handle;

/* Calls fn(arg) in the next iteration, after what is ready already. asyncio: loop.call_soon. */
sp_handle sp_loop_call_soon(sp_loop *loop, sp_callback *fn, void *arg);

/* Calls fn(arg) after `delay` seconds. asyncio: loop.call_later. */
sp_handle sp_loop_call_later(sp_loop *loop, double delay, sp_callback *fn, void *arg);

/* Calls fn(arg) when sp_loop_time reaches `when`. asyncio: loop.call_at. */
sp_handle sp_loop_call_at(sp_loop *loop, double when, sp_callback *fn, void *arg);

/* Takes the call back if it has not run. asyncio: Handle.cancel. */
void sp_handle_cancel(sp_handle handle);

/* ---------------------------------------------------------------------------------------------
 * Threads */

/* Whether this build runs sp_to_thread in threads. False only on the web, in a build without
 * -pthread or a page that is not cross-origin isolated. */
bool sp_has_threads(void);

/* Runs fn(arg) in another thread and suspends until it returns; returns what it returned, with the
 * message that sp_fail gave an error there. Natively the thread is one of libuv's pool of four
 * (UV_THREADPOOL_SIZE), which writes files, too; on the web it is a new one. Where there are no
 * threads fn runs in a later iteration, on the loop's own thread, which waits for it. fn may call
 * nothing of spindle but what says "From any thread." and must not block for ever. If the caller is
 * cancelled, fn runs on and its result is dropped: `arg` must live until fn has returned. sp_run
 * waits at its end for every fn that still runs. Suspends. Errors: fn's own; SP_ECANCELED,
 * SP_ENOTASK, SP_ENOMEM. asyncio: to_thread. */
#define sp_to_thread(fn, arg) sp_to_thread_at((fn), (arg), SP_HERE)
int sp_to_thread_at(int (*fn)(void *arg), void *arg, const char *where);

/* ---------------------------------------------------------------------------------------------
 * Files */

/* Writes `size` bytes to `path`, replacing what it held, without blocking the loop. The bytes go
 * to a temporary file beside it that is then renamed: whatever becomes of the program, `path` is
 * whole or untouched (nothing is synced: a failing machine is another matter). A file that is
 * replaced hands its permissions on; a symbolic link is replaced itself. In a browser the file
 * goes to the page (the module's `onFile` option). `data` and `path` are borrowed until the call
 * returns: a cancelled write first comes to its end, and the next suspending call returns
 * SP_ECANCELED. Returns 0. Suspends.
 * Errors: SP_ENOENT, SP_EACCES, SP_EISDIR, SP_ENOTDIR, SP_ENOSPC, SP_EIO,
 * SP_ENOTASK, SP_ENOMEM; SP_ENOTSUP in a page that takes no files. The message names the path. */
#define sp_write_file(path, data, size) sp_write_file_at((path), (data), (size), SP_HERE)
int sp_write_file_at(const char *path, const void *data, size_t size, const char *where);

/* ---------------------------------------------------------------------------------------------
 * HTTP */

typedef struct sp_header {
  const char *name;
  const char *value;
} sp_header;

typedef enum sp_redirect {
  SP_REDIRECT_FOLLOW, /* follow up to max_redirects */
  SP_REDIRECT_ERROR,  /* a redirect is SP_EREDIRECT */
  SP_REDIRECT_MANUAL  /* the redirect itself is the answer. In a browser its status is 0 and it has
                         no headers: browsers keep them from scripts */
} sp_redirect;

/* Zero-initialised, all defaults. Everything in it is borrowed until the call returns. */
typedef struct sp_fetch_options {
  const char *method;       /* NULL: GET, or POST when there is a body */
  const sp_header *headers; /* header_count of them, sent as they are. A browser silently drops
                               those that it forbids scripts to set (Host, Cookie, ...) */
  size_t header_count;
  const void *body; /* body_size bytes; NULL: none. GET and HEAD take none */
  size_t body_size;
  sp_redirect redirect;
  int max_redirects; /* 0: 20. Browsers and Node have their own limit of 20 */
  double timeout;    /* seconds for the whole exchange; 0: none */
} sp_fetch_options;

typedef struct sp_response {
  int status;         /* 200, 404, ... */
  char *url;          /* where the answer came from, after redirects */
  sp_header *headers; /* header_count of them, names in lower case, in no particular order. In a
                         browser only those that CORS shows to scripts */
  size_t header_count;
  void *body; /* body_size bytes, followed by one NUL that is not counted */
  size_t body_size;
} sp_response;

/* Sends a request and reads the whole answer. Any number may run at once. `url` begins with http://
 * or https://; in a page it may be relative to the page. No cookies, no cache. Returns the HTTP
 * status (404 is a status, not an error) and fills `response`, which the caller then frees with
 * sp_response_free; on an error `response` is all zero and needs no freeing. `options` may be NULL.
 * Cancelling the task aborts the transfer and closes its connection. Suspends.
 * Errors, each with a message that names method and URL: SP_ECONNREFUSED, SP_EDNS, SP_ECONNRESET,
 * SP_ETLS, SP_ETIMEDOUT, SP_ETRUNCATED (fewer bytes than announced), SP_EREDIRECT, SP_EPROTOCOL,
 * SP_ENETWORK (any other network fault; in a browser also those before the answer begins, which it
 * does not tell apart), SP_EINVAL (bad URL, method or header; CONNECT, TRACE), SP_ECANCELED,
 * SP_ENOTASK, SP_ENOMEM. */
#define sp_fetch(url, options, response) sp_fetch_at((url), (options), (response), SP_HERE)
int sp_fetch_at(const char *url, const sp_fetch_options *options, sp_response *response,
                const char *where);

/* The value of a header, by its name in any case, or NULL. Lives as long as the response. */
const char *sp_response_header(const sp_response *response, const char *name);

/* Frees what sp_fetch filled and zeroes it. A zeroed response is let be. */
void sp_response_free(sp_response *response);

#ifdef __cplusplus
}
#endif

#endif
