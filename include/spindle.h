/* spindle: asyncio for C. The one public header.
 *
 * One C source runs its coroutines in the browser, under Node.js and natively, with the semantics
 * of Python's asyncio.
 *
 * - A coroutine is any C function; awaiting one is calling it.
 * - A task runs `int fn(void *arg)`: a return value >= 0 is its result, < 0 is its error. Larger
 *   results are passed through `arg`.
 * - Times are in seconds, as a double. Strings are UTF-8.
 * - A function that can suspend its task says "Suspends." It returns an int, negative on failure.
 *   Called where nothing can be suspended (outside a task, or in a C function that JavaScript or an
 *   exception handler called in the middle of a task) it does nothing and returns SP_ENOTASK.
 * - A function that returns a pointer returns NULL on failure; sp_error_message says which of its
 *   errors it was.
 * - Pointers to spindle's objects, to functions and to results must not be NULL, and a handle must
 *   not be used after its release, unless the comment says otherwise. A `void *arg` may be
 *   anything.
 * - A loop and everything in it belong to the thread that runs the loop: no other thread may call a
 *   function for it, unless the comment says "From any thread."
 *
 * Comments have one order: what the function does, Returns, Errors, Suspends, ownership and
 * lifetime, From any thread, the name in asyncio. A line that continues one of these is indented.
 *
 * Sections: version, errors, running, loops, tasks, task-locals, futures, waits, timeouts, task
 * groups, synchronisation, queues, generators, callbacks, threads, files, terminals, http. */
#ifndef SPINDLE_H
#define SPINDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#include <type_traits>

extern "C" {
#endif

#if defined(__GNUC__)
#define SP__PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define SP__PRINTF(text, first)
#endif

/* The place of a call, "file.c:12", and after its NUL the call's name: SP_HERE "sp_sleep". The
 * macros below pass it to each function with a `where` parameter, so that a task can say where it
 * is suspended and in which call. A program may pass its own: `sp_sleep_from(1, SP_HERE "backoff")`
 * names that wait "backoff". SP_HERE alone has an empty name; a string made otherwise must end in
 * two NULs. */
#define SP__STRING_OF(x) #x
#define SP__STRING(x) SP__STRING_OF(x)
#define SP_HERE __FILE__ ":" SP__STRING(__LINE__) "\0"

/* The calls that take a place are macros that pass all of their arguments on, so that each may have
 * commas of its own: &(sp_fetch_options){.timeout = 5, .method = "PUT"}, or a lambda in C++. These
 * two are the text of a macro's first and second argument: a function's name. */
#define SP__FIRST(first, ...) #first
#define SP__SECOND(first, second, ...) #second

/* The size of the object that the last argument points to, after one argument or two. A string, an
 * array and a pointer to void have none: they are refused. In C++ it comes from the type. */
#ifdef __cplusplus
#define SP__SIZE_BEHIND_SECOND(...) sp__size_by_type()
#define SP__SIZE_BEHIND_THIRD(...) sp__size_by_type()
#else
/* Is added to the size of what is refused, for the compiler to name it. It is never defined. */
extern const struct sp__copied_argument_is_no_pointer_to_one_object_of_a_known_type {
  char unused;
} sp__refused;
#define SP__REFUSE_UNSIZED(...) \
  _Generic((__VA_ARGS__), void * : sp__refused, const void * : sp__refused, \
    char * : sp__refused, const char * : sp__refused, default : 0)
/* By its size alone, an array as large as a pointer would be taken for one. */
#ifdef __GNUC__
#define SP__IS_POINTER(...) \
  __builtin_types_compatible_p(__typeof__(__VA_ARGS__), __typeof__(&*(__VA_ARGS__)))
#else
#define SP__IS_POINTER(...) (sizeof(__VA_ARGS__) == sizeof(void *))
#endif
#define SP__TWO_IF_POINTER(...) (char(*)[1 + SP__IS_POINTER(__VA_ARGS__)]) NULL
#define SP__REFUSE_ARRAY(...) \
  _Generic(SP__TWO_IF_POINTER(__VA_ARGS__), char(*)[2] : 0, default : sp__refused)
#define SP__SIZE_BEHIND(...) \
  (sizeof *(__VA_ARGS__) + SP__REFUSE_UNSIZED(__VA_ARGS__) + SP__REFUSE_ARRAY(__VA_ARGS__))
#define SP__SIZE_BEHIND_SECOND(first, ...) SP__SIZE_BEHIND(__VA_ARGS__)
#define SP__SIZE_BEHIND_THIRD(first, second, ...) SP__SIZE_BEHIND(__VA_ARGS__)
#endif

/* ---------------------------------------------------------------------------------------------
 * Version
 *
 * It follows semantic versioning: a new major version may break programs, and before 1.0 a new
 * minor one. */

/* The parts of this header's version. */
#define SP_VERSION_MAJOR 0
#define SP_VERSION_MINOR 1
#define SP_VERSION_PATCH 0

/* The version of this header as one number, to compare: (major << 16) | (minor << 8) | patch. */
#define SP_VERSION ((SP_VERSION_MAJOR << 16) | (SP_VERSION_MINOR << 8) | SP_VERSION_PATCH)

/* The version of the library that the program is linked with.
 * Returns "0.1.0".
 * The text is static.
 * From any thread. */
const char *sp_version(void);

/* ---------------------------------------------------------------------------------------------
 * Errors
 *
 * Each has a name, a value, the text that sp_strerror returns, and Python's name in a comment.
 * Values from -999 to -1 belong to spindle; a program's own codes are SP_EUSER (-1000) and below.
 * Browsers do not tell a refused connection from an unknown host: there both are SP_ENETWORK. */
#define SP_ERRORS(X)                                                                             \
  X(SP_ECANCELED, -1, "cancelled")                            /* CancelledError */               \
  X(SP_ETIMEDOUT, -2, "timed out")                            /* TimeoutError */                 \
  X(SP_EINVALIDSTATE, -3, "invalid state")                    /* InvalidStateError */            \
  X(SP_ENOTASK, -4, "cannot suspend outside a task")          /* RuntimeError: no running... */  \
  X(SP_ERUNNING, -5, "This event loop is already running")    /* RuntimeError, same words */     \
  X(SP_EINTERRUPTED, -6, "interrupted")                       /* KeyboardInterrupt */            \
  X(SP_ENOMEM, -7, "out of memory")                           /* MemoryError */                  \
  X(SP_EINVAL, -8, "invalid argument")                        /* ValueError */                   \
  X(SP_ENOTSUP, -9, "not supported here")                     /* NotImplementedError */          \
  X(SP_EGROUP, -10, "several errors")                         /* ExceptionGroup */               \
  X(SP_EBROKEN, -11, "the barrier is broken")                 /* BrokenBarrierError */           \
  X(SP_EEMPTY, -12, "the queue is empty")                     /* QueueEmpty */                   \
  X(SP_EFULL, -13, "the queue is full")                       /* QueueFull */                    \
  X(SP_ESHUTDOWN, -14, "the queue is shut down")              /* QueueShutDown */                \
  X(SP_EGENERATOREXIT, -15, "the generator is closed")        /* GeneratorExit */                \
  X(SP_ECLOSED, -16, "Event loop is closed")                  /* RuntimeError, same words */     \
  X(SP_EDEADLOCK, -17, "deadlock: no task can make progress") /* asyncio waits for ever */       \
  X(SP_ECONNREFUSED, -20, "connection refused")               /* ConnectionRefusedError */       \
  X(SP_ECONNRESET, -21, "connection reset")                   /* ConnectionResetError */         \
  X(SP_EDNS, -22, "host name not found")                      /* socket.gaierror */              \
  X(SP_ETLS, -23, "TLS connection failed")                    /* ssl.SSLError */                 \
  X(SP_ETRUNCATED, -24, "the response ended early")           /* IncompleteReadError */          \
  X(SP_EREDIRECT, -25, "redirect not followed")               /* TooManyRedirects */             \
  X(SP_EPROTOCOL, -26, "protocol error")                      /* BadHttpMessage */               \
  X(SP_ENETWORK, -27, "network error")                        /* OSError */                      \
  X(SP_ETOOLARGE, -28, "the response is too large")           /* aiohttp: ClientPayloadError */  \
  X(SP_ECORS, -29, "blocked by CORS: the server does not allow this origin") /* browsers only */ \
  X(SP_ENOENT, -40, "no such file or directory")   /* FileNotFoundError */                       \
  X(SP_EACCES, -41, "permission denied")           /* PermissionError */                         \
  X(SP_EISDIR, -42, "is a directory")              /* IsADirectoryError */                       \
  X(SP_ENOTDIR, -43, "not a directory")            /* NotADirectoryError */                      \
  X(SP_ENOSPC, -44, "no space left on the device") /* OSError(ENOSPC) */                         \
  X(SP_EIO, -45, "input/output error")             /* OSError */

#define SP__ENUMERATE(name, value, text) name = value,
enum sp_error { SP_OK = 0, SP_ERRORS(SP__ENUMERATE) SP_EUSER = -1000 };
#undef SP__ENUMERATE

/* What an error code means, in a few words.
 * Returns "timed out" for SP_ETIMEDOUT; "ok" for 0 and more; "error" for a code that is not
 *   spindle's. Never NULL.
 * The text is static.
 * From any thread. */
const char *sp_strerror(int code);

/* The name of an error code.
 * Returns "SP_ETIMEDOUT" for SP_ETIMEDOUT; "SP_OK" for 0 and more; "error" for a code that is not
 *   spindle's. Never NULL.
 * The text is static.
 * From any thread. */
const char *sp_error_name(int code);

/* The message of the last error that a call in this task returned (outside tasks: in this thread):
 * what went wrong and where, as "GET http://127.0.0.1:9/: connection refused". An error that passes
 * through sp_await or sp_to_thread keeps its message.
 * Returns the message; the code's text for an error without one; "" when nothing has failed.
 * The text is valid until the next failing call in this task (thread).
 * From any thread.
 * asyncio: str(exception). */
const char *sp_error_message(void);

/* Sets the error message to the printf text, cut at 1,023 bytes. A program's own functions fail
 * with it: `return sp_fail(SP_EINVAL, "no country %s", cc);`
 * Returns `code`, which is < 0.
 * From any thread.
 * asyncio: raise. */
int sp_fail(int code, const char *format, ...) SP__PRINTF(2, 3);

/* The errors inside an SP_EGROUP, in the order in which they occurred. */
typedef struct sp_error_group {
  size_t count;                        /* number of errors */
  const struct sp_error_entry *errors; /* array of `count` */
} sp_error_group;

/* One error of a group. */
typedef struct sp_error_entry {
  int code;                    /* its error code */
  const char *message;         /* never NULL */
  const sp_error_group *group; /* when code is SP_EGROUP: the errors in it; else NULL */
} sp_error_entry;

/* The errors inside the last error of this task.
 * Returns the group; NULL when the last error was not an SP_EGROUP, and outside tasks.
 * The group is valid until the next failing call in this task.
 * asyncio: ExceptionGroup.exceptions. */
const sp_error_group *sp_last_error_group(void);

/* ---------------------------------------------------------------------------------------------
 * Running */

/* An event loop. */
typedef struct sp_loop sp_loop;

/* A future, and a task: a task is a future that a coroutine fulfils, so every function that takes a
 * future takes a task. Two names for one type, to say which is meant. */
typedef struct sp_future sp_future;
typedef struct sp_future sp_task;

/* What a task runs: returns its result (>= 0) or its error (< 0). In C++ a function-local static
 * must not have an initialiser that suspends: on the web a second task that reaches it meanwhile
 * runs the initialiser again, and natively that is an error of the C++ runtime. */
typedef int sp_coroutine(void *arg);

/* How a task is created. Zero-initialised, all defaults. */
typedef struct sp_task_options {
  const char *name;  /* copied; NULL: "Task-N", as asyncio counts them */
  size_t stack_size; /* bytes of C stack; 0: 65536. Rounded up to a power of two, at least 512 on
                        the web and 16384 natively; more than 256 MiB on the web or 32 MiB natively
                        fails with SP_ENOMEM.
                        The task's own block (some 300 bytes, on the web 200) and natively a guard
                        page are taken from it.
                        A task that overruns its stack ends the program with a message that names
                        it */
  bool eager_start;  /* run the task at once, until it suspends for the first time or ends, before
                        the creating call returns. asyncio: eager_start */
  size_t arg_size;   /* copies that many bytes of `arg` (not NULL then) before the creating call
                        returns: fn is given the copy, aligned as by malloc and valid until fn
                        returns. 0: fn is given `arg` itself.
                        The copy is taken from the stack, which is at least eight times as large:
                        more than 32 MiB on the web or 4 MiB natively fails with SP_ENOMEM */
} sp_task_options;

/* Runs fn(arg) as the main task of a new loop of this thread, then cancels and awaits every other
 * task. Natively it blocks the thread; on the web it parks main() while the event loop of the
 * browser or of Node continues.
 *
 * While it runs it handles SIGINT, unless the program has a handler of its own for that or ignores
 * it: Ctrl-C cancels the main task; a second one, or one after the main task is done, ends the
 * program. Natively Ctrl-C reaches the loops of all threads that run one. A program that is
 * imported under Node handles SIGINT only with the module's option `signals`. In a page the
 * module's `interrupt()` is the first Ctrl-C, and returns false in place of the second.
 * Returns what fn returned.
 * Errors: fn's own; SP_EINTERRUPTED when Ctrl-C cancelled it; SP_ERUNNING when this thread already
 *   runs a loop; SP_EINVALIDSTATE when sp_loop_stop ended the run before fn; SP_ENOMEM; SP_EIO when
 *   no descriptors are left for a loop (ulimit -n); on the web SP_ENOTSUP when it was not called
 *   from main() of the main thread, as in an atexit handler.
 * asyncio: run. */
#define sp_run(...) sp_run_from(__VA_ARGS__, NULL, SP__FIRST(__VA_ARGS__, ), SP_HERE)

/* sp_run with options for the main task.
 * Returns what fn returned.
 * Errors: those of sp_run.
 * `options` is read before the call returns or suspends. */
#define sp_run_with(...) sp_run_from(__VA_ARGS__, SP__FIRST(__VA_ARGS__, ), SP_HERE)

int sp_run_from(sp_coroutine *fn, void *arg, const sp_task_options *options, const char *fn_name,
                const char *where);

/* The loop that this thread runs.
 * Returns the loop, or NULL.
 * asyncio: get_running_loop. */
sp_loop *sp_loop_running(void);

/* The clock of a loop. Unless it is virtual it always advances: no two calls return the same time,
 * so equal delays end in the order in which they began.
 * Returns seconds since an arbitrary start.
 * asyncio: loop.time. */
double sp_loop_time(sp_loop *loop);

/* ---------------------------------------------------------------------------------------------
 * Loops: the parts of sp_run, for a loop that runs several times, forever, or on a virtual clock */

/* How a loop is created. Zero-initialised, all defaults. */
typedef struct sp_loop_options {
  bool debug;          /* as sp_loop_set_debug; so does the environment's SPINDLE_DEBUG, unless it
                          is empty, for every loop */
  bool virtual_clock;  /* for tests: sp_loop_time begins at 0 and stands still while anything is
                          ready, then jumps to the next timer. Work outside the loop (threads,
                          transfers, files) is awaited without advancing the clock. When nothing is
                          ready and nothing can come, the run ends with SP_EDEADLOCK */
  uint64_t order_seed; /* for tests: the handles that are ready in an iteration run in an order
                          drawn from this seed; 0: first in, first out, as asyncio */
} sp_loop_options;

/* Creates a loop for this thread that does not run yet. `options` may be NULL.
 * Returns the loop, or NULL.
 * Errors: SP_ENOMEM; SP_EIO when no descriptors are left (ulimit -n).
 * Free it with sp_loop_free. `options` is read during the call.
 * asyncio: new_event_loop. */
sp_loop *sp_loop_new(const sp_loop_options *options);

/* Closes a loop that does not run: scheduled callbacks are dropped; a task that is not done is
 * reported ("Task was destroyed but it is pending!") and never runs again; every task, generator
 * and file is freed, even one to which a handle is left. Call sp_loop_shutdown first to let tasks
 * clean up. Everything that is asked of a closed loop, or by the exception handler during the
 * close, fails with SP_ECLOSED. Closing again does nothing.
 * Returns 0 on success.
 * Errors: SP_ERUNNING.
 * asyncio: loop.close. */
int sp_loop_close(sp_loop *loop);

/* Returns true if the loop was closed.
 * asyncio: loop.is_closed. */
bool sp_loop_is_closed(const sp_loop *loop);

/* Closes a loop, unless it was closed before, and frees it. Does nothing if NULL.
 * Returns 0 on success.
 * Errors: SP_ERUNNING, after which it is not freed. */
int sp_loop_free(sp_loop *loop);

/* Runs fn(arg) on the loop as sp_run does, with its SIGINT and with sp_loop_shutdown at the end,
 * and leaves the loop open. The task-locals that fn sets are there for the next sp_loop_run.
 * Returns what fn returned.
 * Errors: those of sp_run but SP_EIO; SP_EDEADLOCK; SP_ECLOSED.
 * asyncio: Runner.run. */
#define sp_loop_run(...) sp_loop_run_from(__VA_ARGS__, NULL, SP__SECOND(__VA_ARGS__, ), SP_HERE)
int sp_loop_run_from(sp_loop *loop, sp_coroutine *fn, void *arg, const sp_task_options *options,
                     const char *fn_name, const char *where);

/* Runs the loop until the future is done.
 * Returns the future's result.
 * Errors: the future's own; SP_ERUNNING when this thread already runs a loop; SP_EINVALIDSTATE when
 *   the loop was stopped before; SP_EINTERRUPTED when Ctrl-C stopped it; SP_EINVAL (NULL, a future
 *   of another loop); SP_EDEADLOCK; SP_ECLOSED; SP_ENOMEM; on the web SP_ENOTSUP as sp_run.
 * A task's handle is not released.
 * asyncio: loop.run_until_complete. */
int sp_loop_run_until_complete(sp_loop *loop, sp_future *future);

/* Runs the loop until sp_loop_stop.
 * Returns 0 on success.
 * Errors: SP_EINTERRUPTED when Ctrl-C stopped it; SP_ERUNNING when this thread already runs a loop;
 *   SP_EDEADLOCK; SP_ECLOSED; SP_ENOMEM; on the web SP_ENOTSUP as sp_run.
 * asyncio: loop.run_forever. */
int sp_loop_run_forever(sp_loop *loop);

/* Ends the run after the current iteration. Called before a run, that run is one iteration.
 * asyncio: loop.stop. */
void sp_loop_stop(sp_loop *loop);

/* For a loop that does not run: cancels every task and runs the loop until they are done; closes
 * the generators that were not exhausted; waits for the functions that run in threads. An error
 * that a task ends with is reported to the exception handler.
 * Returns 0 on success.
 * Errors: SP_ERUNNING when this thread already runs a loop; SP_EINVALIDSTATE when sp_loop_stop or
 *   Ctrl-C stopped it; SP_EDEADLOCK; SP_ECLOSED; SP_ENOMEM; on the web SP_ENOTSUP as sp_run.
 * asyncio: what asyncio.run does at its end. */
int sp_loop_shutdown(sp_loop *loop);

/* Returns true if the loop runs.
 * asyncio: loop.is_running. */
bool sp_loop_is_running(const sp_loop *loop);

/* Turns debug mode on or off: in it a callback or a step of a task that takes longer than the
 * slow-callback duration is reported on stderr, and a report of a task or future says where it was
 * created. sp_loop_call_soon, _later and _at of a loop that another thread runs fail with
 * SP_EINVALIDSTATE.
 * asyncio: loop.set_debug. */
void sp_loop_set_debug(sp_loop *loop, bool debug);

/* Returns true in debug mode.
 * asyncio: loop.get_debug. */
bool sp_loop_debug(const sp_loop *loop);

/* Sets the duration, in seconds, from which on debug mode reports a callback or a step as slow; 0.1
 * unless set.
 * asyncio: loop.slow_callback_duration. */
void sp_loop_set_slow_callback_duration(sp_loop *loop, double seconds);

/* Returns the slow-callback duration, in seconds.
 * asyncio: loop.slow_callback_duration. */
double sp_loop_slow_callback_duration(const sp_loop *loop);

/* What a loop has done since it was created. */
typedef struct sp_statistics {
  size_t tasks;        /* tasks that are not done, now */
  uint64_t switches;   /* how often a task was resumed */
  uint64_t iterations; /* in which something ran */
  size_t task_memory;  /* bytes that tasks and generators hold now: their stacks, with their own
                          blocks in them; on the web also what is saved of them elsewhere while they
                          are suspended. Natively it is address space, which the system backs page
                          by page when it is first touched: a waiting task has mostly touched one
                          page, whatever the size of its stack */
  double busy;         /* seconds in which the loop ran handles, and did not wait */
} sp_statistics;

/* Writes the loop's statistics to *statistics, in next to no time however many tasks there are. Of
 * a closed loop they are what it did. */
void sp_loop_statistics(sp_loop *loop, sp_statistics *statistics);

/* An error or a loss that no caller was there to receive. */
typedef struct sp_report {
  const char *message;       /* "Task exception was never retrieved" */
  sp_future *future;         /* the task or future that it is about, or NULL */
  int code;                  /* its error, or 0 */
  const char *error_message; /* the error's message, or NULL */
  const char *created;       /* in debug mode: where the future was created, "file.c:12"; or NULL */
} sp_report;

/* Receives a report, which is valid during the call. It runs outside tasks and cannot suspend. For
 * a report about a task it has that task's task-locals, while the loop runs. */
typedef void sp_exception_handler(sp_loop *loop, const sp_report *report, void *arg);

/* Passes the loop's reports to `handler`; NULL: to the default one.
 * asyncio: loop.set_exception_handler. */
void sp_loop_set_exception_handler(sp_loop *loop, sp_exception_handler *handler, void *arg);

/* The default handler: writes the report to stderr.
 * asyncio: loop.default_exception_handler. */
void sp_loop_default_exception_handler(sp_loop *loop, const sp_report *report);

/* Passes a report to the loop's handler.
 * asyncio: loop.call_exception_handler. */
void sp_loop_call_exception_handler(sp_loop *loop, const sp_report *report);

/* ---------------------------------------------------------------------------------------------
 * Tasks
 *
 * As with pthreads, each task is released once: by sp_await (join) or by sp_task_detach; several
 * tasks may be awaiting it then. Functions with an sp_task parameter take tasks only, not other
 * futures. A task that failed and whose error was never retrieved is reported on stderr when it is
 * released or when the loop ends: "Task exception was never retrieved". */

/* Schedules fn(arg) to run soon as a task of the running loop: fn starts in the next iteration of
 * the loop, after everything that is ready already. The macro keeps fn's name and this place for
 * reports. It does not suspend.
 * Returns the task's handle, or NULL.
 * Errors: SP_ENOMEM, also for a stack that is too large; SP_ENOTASK when no loop runs.
 * Release it with sp_await or sp_task_detach. `arg` stays the caller's and must live as long as fn
 *   uses it.
 * asyncio: create_task. */
#define sp_create_task(...) \
  sp_create_task_from(__VA_ARGS__, NULL, SP__FIRST(__VA_ARGS__, ), SP_HERE)

/* sp_create_task with a name, a stack size, an eager start or a copy of `arg`.
 * Returns the task's handle, or NULL.
 * Errors: those of sp_create_task.
 * `options` is read during the call. */
#define sp_create_task_with(...) sp_create_task_from(__VA_ARGS__, SP__FIRST(__VA_ARGS__, ), SP_HERE)

sp_task *sp_create_task_from(sp_coroutine *fn, void *arg, const sp_task_options *options,
                             const char *fn_name, const char *where);

/* sp_create_task with a copy of what `arg` points to, so that it need not outlive the call:
 *   sp_task *task = sp_create_task_copy(fetch, &(struct job){.id = 1, .url = url});
 * `arg` is a pointer to one object (of an array: &array), in C++ of a type that is trivially
 * copyable. What the object itself points to is not copied.
 * Returns the task's handle, or NULL.
 * Errors: those of sp_create_task.
 * The copy belongs to the task and is valid until fn returns.
 * asyncio: create_task, whose coroutine keeps its arguments. */
#define sp_create_task_copy(...)                                                                   \
  sp__create_task_copy(__VA_ARGS__, SP__SIZE_BEHIND_SECOND(__VA_ARGS__), SP__FIRST(__VA_ARGS__, ), \
                       SP_HERE)

/* The task that runs.
 * Returns a borrowed handle, not to be released unless referenced; NULL in a callback or outside a
 *   loop.
 * asyncio: current_task. */
sp_task *sp_task_current(void);

/* Requests that the task stop: the call in which it is suspended, or else its next suspension,
 * returns SP_ECANCELED once, with `message` (copied, may be NULL) as the error's message. A task
 * that has not begun never runs. The task may clean up, take its time, or ignore the request.
 * Cancelling a task that awaits another cancels that one.
 * Returns true if the task was asked to stop, false if it was already done.
 * asyncio: Task.cancel. */
bool sp_task_cancel(sp_task *task, const char *message);

/* Takes back one cancellation request. When none is left, a request not yet delivered is dropped.
 * Returns the number of requests left, 0 or more.
 * asyncio: Task.uncancel. */
int sp_task_uncancel(sp_task *task);

/* Returns the number of cancellation requests to the task, less those taken back.
 * asyncio: Task.cancelling. */
int sp_task_cancelling(const sp_task *task);

/* Releases a handle: the task continues, and is freed when it ends. Does nothing if NULL, as for a
 * task that could not be created.
 * asyncio: dropping the reference. */
void sp_task_detach(sp_task *task);

/* Adds a handle to the same task.
 * Returns `task`.
 * Release it with an sp_await or sp_task_detach of its own. */
sp_task *sp_task_ref(sp_task *task);

/* Returns the task's name.
 * The text is valid until the task is renamed or released.
 * asyncio: get_name. */
const char *sp_task_name(sp_task *task);

/* Renames the task; `name` is copied; NULL: "Task-N" again.
 * Returns 0 on success.
 * Errors: SP_ENOMEM.
 * asyncio: set_name. */
int sp_task_set_name(sp_task *task, const char *name);

/* Writes what the future or task is doing, as
 * "<Task pending name='Task-2' coro=<spin() running at spinner.c:14> wait_for=<Future pending>>",
 * cut to `size` bytes with its NUL. Long names and messages are shortened in it.
 * Returns the length of the uncut text.
 * asyncio: repr. */
size_t sp_repr(const sp_future *future, char *text, size_t size);

/* Returns the name of the task's function, "spin".
 * The text is static.
 * asyncio: get_coro().__name__. */
const char *sp_task_coro_name(const sp_task *task);

/* Returns where the task was suspended last, or was created if it has not begun: "src/file.c:12",
 *   with the file's name as it was passed to the compiler.
 * The text is static.
 * asyncio: get_stack. */
const char *sp_task_where(const sp_task *task);

/* The call in which the task is suspended, "sp_sleep": the one in the program, not what that one
 * called in its turn.
 * Returns its name; "" while the task runs, before it begins, and when it is done.
 * The text is static. */
const char *sp_task_call(const sp_task *task);

/* Returns when the task was suspended there, or created, in seconds on the clock of sp_loop_time. A
 *   waiting task that becomes ready keeps that time. */
double sp_task_since(const sp_task *task);

/* Writes the first `capacity` of the loop's tasks that are not done to `tasks`, in the order of their
 * creation.
 * Returns how many such tasks there are, which may be more than `capacity`.
 * The handles are borrowed.
 * asyncio: all_tasks. */
size_t sp_all_tasks(sp_loop *loop, sp_task **tasks, size_t capacity);

/* Writes the tasks that await a future, as text cut to `size` bytes with its NUL. A line says what
 * a task runs, in which call it is suspended, where, and for how long; indented below it are the
 * tasks that await it, each with those that await that one:
 *   fetcher: fetch() waits in sp_sleep at flags.c:30 for 1.250 s
 *     awaited by Task-1: all() waits in sp_gather at flags.c:52 for 1.251 s
 * If `future` is NULL it is the current task.
 * Returns the length of the uncut text; 0 where there is no task, or no memory.
 * asyncio: format_call_graph. */
size_t sp_format_call_graph(const sp_future *future, char *text, size_t size);

/* Writes the whole text of sp_format_call_graph to stdout.
 * asyncio: print_call_graph. */
void sp_print_call_graph(const sp_future *future);

/* Writes all tasks of the loop that are not done as a tree, cut to `size` bytes with its NUL. The
 * lines are those of sp_format_call_graph, each below the task that awaits it. A task that is
 * listed above already, because several await it or tasks await each other in a cycle, ends its
 * branch with "(see above)". A line deeper than 64 levels is indented no further, and begins with
 * its depth: "[65] ".
 * Returns the length of the uncut text; 0 where there is no memory.
 * asyncio: python -m asyncio pstree. */
size_t sp_format_tasks(sp_loop *loop, char *text, size_t size);

/* Writes the whole text of sp_format_tasks to stdout.
 * asyncio: python -m asyncio pstree. */
void sp_print_tasks(sp_loop *loop);

/* sp_create_task on a loop that need not run yet.
 * Returns the task's handle, or NULL.
 * Errors: SP_ENOMEM, also for a stack that is too large; SP_ECLOSED.
 * Release it with sp_await or sp_task_detach. `arg` stays the caller's and must live as long as fn
 *   uses it.
 * asyncio: loop.create_task. */
#define sp_loop_create_task(...) \
  sp_loop_create_task_from(__VA_ARGS__, NULL, SP__SECOND(__VA_ARGS__, ), SP_HERE)
sp_task *sp_loop_create_task_from(sp_loop *loop, sp_coroutine *fn, void *arg,
                                  const sp_task_options *options, const char *fn_name,
                                  const char *where);

/* Creates the tasks of a loop in place of spindle: calls sp_loop_create_task_from, perhaps with
 * other options or a function around fn, and returns what that returned. It is not called from
 * within itself. `options` (may be NULL) says how many bytes of `arg` are to be copied: with an
 * `arg` of its own a factory passes an `arg_size` of its own. */
typedef sp_task *sp_task_factory(sp_loop *loop, sp_coroutine *fn, void *arg,
                                 const sp_task_options *options, const char *fn_name,
                                 const char *where, void *factory_arg);

/* Has every task of the loop created by the factory; NULL: by spindle again.
 * asyncio: loop.set_task_factory. */
void sp_loop_set_task_factory(sp_loop *loop, sp_task_factory *factory, void *factory_arg);

/* ---------------------------------------------------------------------------------------------
 * Task-locals: values that belong to a task, and that tasks and callbacks inherit */

/* A variable, static, identified by its address: `static sp_local request = {"request", NULL};`.
 * asyncio: ContextVar. */
typedef struct sp_local {
  const char *name; /* for debugging */
  void *fallback;   /* its value where it was not set */
} sp_local;

/* The variable's value in the running task or callback: the one set there, or else the one that was
 * set where the task was created or the callback scheduled, at that moment. A function that
 * sp_to_thread runs has the values that its task had at the call.
 * Returns the value; the fallback where none was set.
 * From any thread.
 * asyncio: ContextVar.get. */
void *sp_local_get(const sp_local *local);

/* Sets the variable for the running task or callback, and for the tasks and callbacks that it
 * creates from now on. A generator's producer sets it for the task that asks.
 * Returns 0 on success.
 * Errors: SP_ENOMEM; SP_ENOTASK where no loop runs.
 * The value stays the caller's, and must live as long as anybody may get it.
 * asyncio: ContextVar.set. */
int sp_local_set(const sp_local *local, void *value);

/* ---------------------------------------------------------------------------------------------
 * Futures: a result that arrives later */

/* Creates a pending future of the running loop.
 * Returns the future, or NULL.
 * Errors: SP_ENOMEM; SP_ENOTASK when no loop runs.
 * Free it with sp_future_free.
 * asyncio: loop.create_future. */
#define sp_future_new() sp_future_new_from(SP_HERE)
sp_future *sp_future_new_from(const char *where);

/* sp_future_new for a loop that need not run.
 * Returns the future, or NULL.
 * Errors: SP_ENOMEM; SP_ECLOSED.
 * Free it with sp_future_free.
 * asyncio: loop.create_future. */
#define sp_loop_create_future(...) sp_loop_create_future_from(__VA_ARGS__, SP_HERE)
sp_future *sp_loop_create_future_from(sp_loop *loop, const char *where);

/* Frees a future from sp_future_new, done or not, before its loop is freed (sp_loop_free). Nobody
 * may be awaiting it while the loop is open, and no callback of it may be waiting to run. Does
 * nothing if NULL. Not for tasks. */
void sp_future_free(sp_future *future);

/* Completes the future with `result` (>= 0). The tasks that await it continue in the next
 * iteration.
 * Returns 0 on success.
 * Errors: SP_EINVALIDSTATE if it is already done or is a task; SP_EINVAL for a negative result.
 * asyncio: set_result. */
int sp_future_set_result(sp_future *future, int result);

/* Completes the future with an error: `code` (< 0) and `message` (copied, may be NULL).
 * SP_ECANCELED cancels it.
 * Returns 0 on success.
 * Errors: SP_EINVALIDSTATE if it is already done or is a task; SP_EINVAL for code >= 0.
 * asyncio: set_exception. */
int sp_future_set_error(sp_future *future, int code, const char *message);

/* Cancels the future, or requests that the task stop (sp_task_cancel).
 * Returns false if it was already done; its error then counts as retrieved.
 * asyncio: cancel. */
bool sp_future_cancel(sp_future *future, const char *message);

/* Returns true if it has a result, has an error, or was cancelled.
 * asyncio: done. */
bool sp_future_done(const sp_future *future);

/* Returns true if it was cancelled.
 * asyncio: cancelled. */
bool sp_future_cancelled(const sp_future *future);

/* The result of a future that is done. It neither suspends nor releases a handle.
 * Returns the result (>= 0).
 * Errors: the future's own, which counts as retrieved; SP_ECANCELED; SP_EINVALIDSTATE when it is
 *   not done.
 * asyncio: result. */
int sp_future_result(sp_future *future);

/* The error of a future that is done. It neither suspends nor releases a handle.
 * Returns 0 when the future has a result.
 * Errors: the future's own, which counts as retrieved; SP_ECANCELED; SP_EINVALIDSTATE when it is
 *   not done.
 * asyncio: exception. */
int sp_future_error(sp_future *future);

/* Is called when a future is done. */
typedef void sp_done_callback(sp_future *future, void *arg);

/* Schedules fn(future, arg) for the iteration after the future is done (the next one, if it is
 * already done). Callbacks run in the order in which they were added.
 * Returns 0 on success.
 * Errors: SP_ENOMEM; SP_ECLOSED.
 * asyncio: add_done_callback. */
int sp_future_add_done_callback(sp_future *future, sp_done_callback *fn, void *arg);

/* Removes every callback added with this fn and arg that is not scheduled yet.
 * Returns how many were removed.
 * asyncio: remove_done_callback. */
int sp_future_remove_done_callback(sp_future *future, sp_done_callback *fn, void *arg);

/* ---------------------------------------------------------------------------------------------
 * Waits */

/* Waits until the future is done. Cancelling the caller cancels what it awaits.
 * Returns the future's result.
 * Errors: the future's own, with its message; SP_ECANCELED when it or the caller was cancelled;
 *   SP_ENOTASK; SP_EINVAL (NULL, a pending future of another loop, or a task that awaits the
 *   caller, itself or through others).
 * Suspends, unless the future is done.
 * A task's handle is released, once for each sp_await, but not by SP_ENOTASK and SP_EINVAL.
 * asyncio: await. */
#define sp_await(...) sp_await_from(__VA_ARGS__, SP_HERE "sp_await")
int sp_await_from(sp_future *future, const char *where);

/* Sleeps for `seconds`. 0 or less lets everything else that is ready run once; INFINITY waits for
 * cancellation.
 * Returns 0 on success.
 * Errors: SP_ECANCELED; SP_ENOTASK; SP_ENOMEM; SP_EINVAL for a NaN.
 * Suspends.
 * asyncio: sleep. */
#define sp_sleep(...) sp_sleep_from(__VA_ARGS__, SP_HERE "sp_sleep")
int sp_sleep_from(double seconds, const char *where);

/* Waits until every future is done, and writes their results to `results` (array of `count`, in
 * the order of `futures`; may be NULL). The first that fails or is cancelled ends the wait at once
 * with its error and `results` unset; the others continue, and an error of theirs counts as
 * retrieved. Cancelling the caller cancels those that are not done, and the first that ends
 * cancelled ends the wait. A future may be listed twice. With count 0 there is nothing to wait for.
 * A task that gathers itself waits forever.
 * Returns 0 when all succeeded.
 * Errors: a future's own, with its message; SP_ECANCELED; SP_ENOMEM; SP_ENOTASK; SP_EINVAL (a NULL,
 *   a future of another loop).
 * Suspends, unless all are done or one that is done has failed.
 * The handle of each task is released once, as by sp_await, when the call returns, whatever it
 *   returns but SP_ENOTASK and SP_EINVAL.
 * asyncio: gather. */
#define sp_gather(...) sp_gather_from(__VA_ARGS__, SP_HERE "sp_gather")
int sp_gather_from(sp_future *const *futures, size_t count, int *results, const char *where);

/* sp_gather that waits for all: an error (< 0) is a result like any other, and counts as retrieved.
 * Returns 0 when all are done.
 * Errors: SP_ECANCELED, with `results` unset, when the caller was cancelled meanwhile; SP_ENOMEM;
 *   SP_ENOTASK; SP_EINVAL as sp_gather.
 * Suspends, unless all are done.
 * Handles are released as by sp_gather.
 * asyncio: gather(return_exceptions=True). */
#define sp_gather_all(...) sp_gather_all_from(__VA_ARGS__, SP_HERE "sp_gather_all")
int sp_gather_all_from(sp_future *const *futures, size_t count, int *results, const char *where);

/* What sp_wait waits for. */
typedef enum sp_wait_until {
  SP_ALL_COMPLETED,   /* all are done */
  SP_FIRST_COMPLETED, /* one is done */
  SP_FIRST_EXCEPTION  /* one failed (a cancelled one did not), or all are done */
} sp_wait_until;

/* Waits until enough of the futures are done or `timeout` seconds are over (INFINITY: no
 * limit; 0 or less: for an iteration), then reorders `futures`: first those that are done, in their
 * previous order, then those that are pending. Nothing is cancelled.
 * Returns how many are done; a future that is listed twice counts twice.
 * Errors, with `futures` unchanged: SP_ECANCELED; SP_EINVAL (count is 0, a NULL, a NaN, a future of
 *   another loop, an invalid `until`); SP_ENOTASK; SP_ENOMEM.
 * Suspends, also when enough are already done.
 * No handle is released.
 * asyncio: wait. */
#define sp_wait(...) sp_wait_from(__VA_ARGS__, SP_HERE "sp_wait")
int sp_wait_from(sp_future **futures, size_t count, double timeout, sp_wait_until until,
                 const char *where);

/* sp_await with a limit of `timeout` seconds (INFINITY: none; 0 or less: it is over at once, unless
 * the future is done). When the limit is over the future is cancelled and awaited.
 * Returns the future's result.
 * Errors: those of sp_await; SP_ETIMEDOUT when the limit was over and the future ended cancelled;
 *   SP_ENOMEM; SP_EINVAL (NULL, a NaN, a future of another loop).
 * Suspends, unless the future is done.
 * A task's handle is released as by sp_await, but not by SP_ENOTASK and SP_EINVAL.
 * asyncio: wait_for. */
#define sp_wait_for(...) sp_wait_for_from(__VA_ARGS__, SP_HERE "sp_wait_for")
int sp_wait_for_from(sp_future *future, double timeout, const char *where);

/* sp_await whose cancellation does not reach the future: cancelling the caller returns
 * SP_ECANCELED, and the future continues; if it fails later, the exception handler is told. A task
 * that shields itself waits forever.
 * Returns the future's result.
 * Errors: the future's own; SP_ECANCELED; SP_ENOTASK; SP_ENOMEM; SP_EINVAL (NULL, a future of
 *   another loop).
 * Suspends, unless the future is done.
 * No handle is released, so that the caller can await it again.
 * asyncio: shield. */
#define sp_shield(...) sp_shield_from(__VA_ARGS__, SP_HERE "sp_shield")
int sp_shield_from(sp_future *future, const char *where);

/* An iteration over futures in the order in which they are done:
 *   sp_as_completed each;
 *   int more = sp_as_completed_open(&each, tasks, count, INFINITY);
 *   while (more >= 0 && (more = sp_as_completed_next(&each, &task)) > 0) use(sp_await(task));
 *   sp_as_completed_close(&each); */
typedef struct sp_as_completed {
  struct sp__as_completed *state;
} sp_as_completed;

/* Begins an iteration. `timeout` is its limit as a whole (seconds; INFINITY: none; 0 or less: it is
 * over in the next iteration of the loop). A future that is listed twice is returned once; those
 * that are already done are returned in their order in `futures`.
 * Returns 0 on success.
 * Errors: SP_EINVAL (a NULL, a NaN, a future of another loop); SP_ENOTASK where no loop runs;
 *   SP_ENOMEM. Then there is nothing to close, and closing does nothing.
 * `futures` is read during the call. No handle is released.
 * asyncio: as_completed. */
int sp_as_completed_open(sp_as_completed *each, sp_future *const *futures, size_t count,
                         double timeout);

/* The next future that is done, in *done. Several tasks may ask.
 * Returns 1 with a future; 0 after every future was returned or timed out.
 * Errors: SP_ETIMEDOUT for each future that was not done in time; SP_ECANCELED, after which the
 *   future can still be asked for; SP_EINVALIDSTATE when the iteration is not open; SP_ENOTASK.
 * Suspends, unless one is done.
 * The future's handle is still to be released.
 * asyncio: async for. */
#define sp_as_completed_next(...) \
  sp_as_completed_next_from(__VA_ARGS__, SP_HERE "sp_as_completed_next")
int sp_as_completed_next_from(sp_as_completed *each, sp_future **done, const char *where);

/* Ends an iteration and its limit, after the last future or before. No future is cancelled. No task
 * may be in sp_as_completed_next. */
void sp_as_completed_close(sp_as_completed *each);

/* ---------------------------------------------------------------------------------------------
 * Timeouts: a limit for all that happens between open and close
 *
 *   sp_timeout limit;
 *   int result = sp_timeout_open(&limit, 0.5);
 *   if (result < 0) return result;
 *   result = whatever_suspends();
 *   return sp_timeout_close(&limit, result); */

/* A limit of time. */
typedef struct sp_timeout { /* all private */
  sp_task *task;
  double when;
  struct sp__call *timer;
  uint32_t timer_generation;
  int cancelling;
  int state;
} sp_timeout;

/* Begins a limit of `seconds` (INFINITY: none; 0 or less: it is over in the next iteration) for the
 * running task, which is cancelled when the limit is over. Limits may nest.
 * Returns 0 on success.
 * Errors: SP_ENOTASK; SP_ENOMEM; SP_EINVAL for a NaN. Then there is nothing to close, and closing
 *   does nothing.
 * `limit` is the caller's memory and must live until its close.
 * asyncio: async with timeout. */
int sp_timeout_open(sp_timeout *limit, double seconds);

/* sp_timeout_open with a limit that is over when sp_loop_time reaches `when`.
 * Returns 0 on success.
 * Errors: those of sp_timeout_open.
 * asyncio: timeout_at. */
int sp_timeout_open_at(sp_timeout *limit, double when);

/* Ends the limit. `result` is the result of what happened inside.
 * Returns `result`, unless it is the SP_ECANCELED of this limit, which becomes SP_ETIMEDOUT. A task
 *   that was also cancelled by others gets SP_ECANCELED.
 * asyncio: leaving the with. */
int sp_timeout_close(sp_timeout *limit, int result);

/* Moves the limit to `when` (INFINITY: none); one in the past is over in the next iteration.
 * Returns 0 on success.
 * Errors: SP_EINVALIDSTATE when it is over or closed; SP_ENOMEM and SP_EINVAL (NaN), which leave it
 *   unchanged.
 * asyncio: reschedule. */
int sp_timeout_reschedule(sp_timeout *limit, double when);

/* Returns when the limit is over, on the clock of sp_loop_time; INFINITY: never.
 * asyncio: when. */
double sp_timeout_when(const sp_timeout *limit);

/* Returns true if the limit was over before it was closed.
 * asyncio: expired. */
bool sp_timeout_expired(const sp_timeout *limit);

/* ---------------------------------------------------------------------------------------------
 * Task groups: tasks that end together
 *
 *   sp_task_group group;
 *   int result = sp_task_group_open(&group);
 *   if (result < 0) return result;
 *   for (int i = 0; result >= 0 && i < 3; i++) {
 *     result = sp_task_group_spawn(&group, work, &parts[i]);
 *   }
 *   return sp_task_group_close(&group, result); */

/* A group of tasks. */
typedef struct sp_task_group { /* all private */
  struct sp__task_group *state;
} sp_task_group;

/* Begins a group of the running task, which is cancelled when a task of the group fails; the close
 * takes that request back. Groups may nest.
 * Returns 0 on success.
 * Errors: SP_ENOTASK; SP_ENOMEM. Then there is nothing to close.
 * `group` is the caller's memory and must live until its close.
 * asyncio: async with TaskGroup. */
int sp_task_group_open(sp_task_group *group);

/* Starts fn(arg) as a task of the group. A task of the group may call it, too, also while the group
 * is being closed.
 * Returns 0 on success.
 * Errors: SP_EINVALIDSTATE when the group is not open, shutting down or finished; SP_ENOMEM;
 *   SP_ECLOSED.
 * The group owns the task's handle. `arg` stays the caller's and must live as long as fn uses it.
 * asyncio: TaskGroup.create_task. */
#define sp_task_group_spawn(...) \
  sp_task_group_spawn_from(__VA_ARGS__, NULL, SP__SECOND(__VA_ARGS__, ), SP_HERE)
int sp_task_group_spawn_from(sp_task_group *group, sp_coroutine *fn, void *arg,
                             const sp_task_options *options, const char *fn_name,
                             const char *where);

/* sp_task_group_spawn with a copy of what `arg` points to, so that it need not outlive the call:
 *   sp_task_group_spawn_copy(&group, fetch, &(struct job){.id = i, .url = url});
 * `arg` is as that of sp_create_task_copy.
 * Returns 0 on success.
 * Errors: those of sp_task_group_spawn.
 * The copy belongs to the task and is valid until fn returns.
 * asyncio: TaskGroup.create_task, whose coroutine keeps its arguments. */
#define sp_task_group_spawn_copy(...)                                        \
  sp__task_group_spawn_copy(__VA_ARGS__, SP__SIZE_BEHIND_THIRD(__VA_ARGS__), \
                            SP__SECOND(__VA_ARGS__, ), SP_HERE)

/* sp_task_group_spawn that returns a handle of the caller's own.
 * Returns the task's handle, or NULL.
 * Errors: those of sp_task_group_spawn.
 * Release it with sp_await or sp_task_detach.
 * asyncio: TaskGroup.create_task. */
#define sp_task_group_create_task(...) \
  sp_task_group_create_task_from(__VA_ARGS__, NULL, SP__SECOND(__VA_ARGS__, ), SP_HERE)
sp_task *sp_task_group_create_task_from(sp_task_group *group, sp_coroutine *fn, void *arg,
                                        const sp_task_options *options, const char *fn_name,
                                        const char *where);

/* Ends the group: waits until all its tasks are done. `result` is the result of what happened
 * between open and close. The first task that fails (a cancelled one does not), a `result` < 0 or a
 * cancellation of the caller cancels the others, in the order of their creation. It must be called
 * exactly once.
 * Returns `result` when it is >= 0 and nothing failed.
 * Errors: SP_EGROUP when tasks failed or the result was an error other than SP_ECANCELED, with each
 *   of them in sp_last_error_group, in the order in which they occurred and the result last;
 *   SP_ECANCELED when the caller was cancelled and nothing failed; SP_EINTERRUPTED when one of the
 *   errors was that; SP_EINVALIDSTATE when the group is not open; SP_ENOTASK, after which it is
 *   still open.
 * Suspends, unless all are done.
 * asyncio: leaving the with. */
#define sp_task_group_close(...) \
  sp_task_group_close_from(__VA_ARGS__, SP_HERE "sp_task_group_close")
int sp_task_group_close_from(sp_task_group *group, int result, const char *where);

/* ---------------------------------------------------------------------------------------------
 * Synchronisation: locks, events, condition variables, semaphores and barriers
 *
 * Each is a struct in the program's own memory that must outlive the tasks that wait on it. Nothing
 * in it is to be freed. All are fair: first come, first served. Each belongs to the tasks of one
 * loop; if tasks still waited on it when the loop was closed, it must not be used again. */

typedef struct sp__waiting { /* private: the tasks that wait, first come first */
  struct sp__waiting_task *first, *last;
  struct sp__waiting_task *asleep; /* no task before this one is still to be woken */
} sp__waiting;

/* A mutual exclusion; `sp_lock lock = {0};` is one that is not locked.
 * asyncio: Lock. */
typedef struct sp_lock {
  sp__waiting waiting;
  bool locked; /* private */
} sp_lock;

/* Takes the lock, when it is free.
 * Returns 0 on success.
 * Errors: SP_ECANCELED (then it was not taken); SP_ENOTASK.
 * Suspends, unless the lock is free.
 * asyncio: acquire. */
#define sp_lock_acquire(...) sp_lock_acquire_from(__VA_ARGS__, SP_HERE "sp_lock_acquire")
int sp_lock_acquire_from(sp_lock *lock, const char *where);

/* Frees the lock for the next task that waits. Any task or callback may.
 * Returns 0 on success.
 * Errors: SP_EINVALIDSTATE when it is not locked.
 * asyncio: release. */
int sp_lock_release(sp_lock *lock);

/* Returns true if the lock is taken.
 * asyncio: locked. */
bool sp_lock_locked(const sp_lock *lock);

/* A flag to wait for; `sp_event event = {0};` is one that is not set.
 * asyncio: Event. */
typedef struct sp_event {
  sp__waiting waiting;
  bool is_set; /* private */
} sp_event;

/* Waits until the event is set.
 * Returns 0 on success.
 * Errors: SP_ECANCELED; SP_ENOTASK.
 * Suspends, unless it is set.
 * asyncio: wait. */
#define sp_event_wait(...) sp_event_wait_from(__VA_ARGS__, SP_HERE "sp_event_wait")
int sp_event_wait_from(sp_event *event, const char *where);

/* Sets the event and wakes all tasks that wait for it.
 * asyncio: set. */
void sp_event_set(sp_event *event);

/* Clears the event: tasks that wait from now on are suspended.
 * asyncio: clear. */
void sp_event_clear(sp_event *event);

/* Returns true if the event is set.
 * asyncio: is_set. */
bool sp_event_is_set(const sp_event *event);

/* A condition variable: a change of state to wait for under a lock. `sp_condition condition = {0};`
 * has a lock of its own; `{.lock = &lock}` shares one.
 * asyncio: Condition. */
typedef struct sp_condition {
  sp_lock *lock;    /* NULL: own_lock */
  sp_lock own_lock; /* private */
  sp__waiting waiting;
} sp_condition;

/* Takes the lock of the condition, when it is free.
 * Returns 0 on success.
 * Errors: SP_ECANCELED (then it was not taken); SP_ENOTASK.
 * Suspends, unless the lock is free.
 * asyncio: acquire. */
#define sp_condition_acquire(...) \
  sp_condition_acquire_from(__VA_ARGS__, SP_HERE "sp_condition_acquire")
int sp_condition_acquire_from(sp_condition *condition, const char *where);

/* Frees the lock of the condition for the next task that waits for it.
 * Returns 0 on success.
 * Errors: SP_EINVALIDSTATE when the lock is not taken.
 * asyncio: release. */
int sp_condition_release(sp_condition *condition);

/* Returns true if the lock of the condition is taken.
 * asyncio: locked. */
bool sp_condition_locked(const sp_condition *condition);

/* Releases the lock, suspends until notified, and takes the lock again, also when it was cancelled
 * meanwhile. It may wake spuriously: check what was waited for again (see sp_condition_wait_for).
 * Returns 0 on success.
 * Errors: SP_ECANCELED, with the lock taken; SP_EINVALIDSTATE when the lock is not taken;
 *   SP_ENOTASK.
 * Suspends.
 * asyncio: wait. */
#define sp_condition_wait(...) sp_condition_wait_from(__VA_ARGS__, SP_HERE "sp_condition_wait")
int sp_condition_wait_from(sp_condition *condition, const char *where);

/* Tells whether what is waited for is the case: non-zero ends the wait; a negative value is an
 * error. */
typedef int sp_predicate(void *arg);

/* Waits, perhaps several times, until predicate(arg) is not zero.
 * Returns what the predicate returned.
 * Errors: the predicate's; those of sp_condition_wait.
 * Suspends, unless the predicate is not zero at once.
 * asyncio: wait_for. */
#define sp_condition_wait_for(...) \
  sp_condition_wait_for_from(__VA_ARGS__, SP_HERE "sp_condition_wait_for")
int sp_condition_wait_for_from(sp_condition *condition, sp_predicate *predicate, void *arg,
                               const char *where);

/* Wakes the first `count` of the tasks that wait; each continues when it has the lock.
 * Returns 0 on success.
 * Errors: SP_EINVALIDSTATE when the lock is not taken.
 * asyncio: notify. */
int sp_condition_notify(sp_condition *condition, size_t count);

/* Wakes all tasks that wait; each continues when it has the lock.
 * Returns 0 on success.
 * Errors: SP_EINVALIDSTATE when the lock is not taken.
 * asyncio: notify_all. */
int sp_condition_notify_all(sp_condition *condition);

/* A number of permits; `sp_semaphore semaphore = {.value = 3};` has three, and sp_semaphore_init
 * checks the number.
 * asyncio: Semaphore, BoundedSemaphore. */
typedef struct sp_semaphore {
  int value;    /* permits that are free, >= 0 */
  bool bounded; /* never more than `bound` */
  int bound;    /* the permits of a bounded one */
  sp__waiting waiting;
} sp_semaphore;

/* Makes it a semaphore with `value` permits.
 * Returns 0 on success.
 * Errors: SP_EINVAL when value < 0.
 * asyncio: Semaphore(value). */
int sp_semaphore_init(sp_semaphore *semaphore, int value);

/* Makes it a semaphore with `value` permits, for which a release beyond `value` is an error.
 * Returns 0 on success.
 * Errors: SP_EINVAL when value < 0.
 * asyncio: BoundedSemaphore(value). */
int sp_semaphore_init_bounded(sp_semaphore *semaphore, int value);

/* Takes a permit, when one is free.
 * Returns 0 on success.
 * Errors: SP_ECANCELED (then none was taken); SP_ENOTASK.
 * Suspends, unless one is free.
 * asyncio: acquire. */
#define sp_semaphore_acquire(...) \
  sp_semaphore_acquire_from(__VA_ARGS__, SP_HERE "sp_semaphore_acquire")
int sp_semaphore_acquire_from(sp_semaphore *semaphore, const char *where);

/* Gives a permit back, or adds one.
 * Returns 0 on success.
 * Errors: SP_EINVAL when a bounded semaphore has all of its permits, or another has INT_MAX.
 * asyncio: release. */
int sp_semaphore_release(sp_semaphore *semaphore);

/* Returns true if an acquire would suspend: no permit is free, or other tasks are first.
 * asyncio: locked. */
bool sp_semaphore_locked(const sp_semaphore *semaphore);

/* A place where a number of tasks wait for each other, again and again.
 * asyncio: Barrier. */
typedef struct sp_barrier { /* all private */
  sp_condition condition;
  int parties;
  int count;
  int state;
} sp_barrier;

/* Makes it a barrier for `parties` tasks. It must be called before all others.
 * Returns 0 on success.
 * Errors: SP_EINVAL when parties < 1.
 * asyncio: Barrier(parties). */
int sp_barrier_init(sp_barrier *barrier, int parties);

/* Waits until `parties` tasks are waiting, then lets all of them continue.
 * Returns how many of them were there when this one came, 0 to parties - 1.
 * Errors: SP_EBROKEN when the barrier is or was aborted, or reset while this task waited;
 *   SP_ECANCELED; SP_ENOTASK.
 * Suspends.
 * asyncio: wait. */
#define sp_barrier_wait(...) sp_barrier_wait_from(__VA_ARGS__, SP_HERE "sp_barrier_wait")
int sp_barrier_wait_from(sp_barrier *barrier, const char *where);

/* Empties the barrier: tasks that wait get SP_EBROKEN, and it can be used again.
 * Returns 0 on success.
 * Errors: SP_ECANCELED; SP_ENOTASK.
 * Suspends, unless the lock of the barrier is free.
 * asyncio: reset. */
#define sp_barrier_reset(...) sp_barrier_reset_from(__VA_ARGS__, SP_HERE "sp_barrier_reset")
int sp_barrier_reset_from(sp_barrier *barrier, const char *where);

/* Breaks the barrier for the tasks that wait and for those to come, until a reset.
 * Returns 0 on success.
 * Errors: SP_ECANCELED; SP_ENOTASK.
 * Suspends, unless the lock of the barrier is free.
 * asyncio: abort. */
#define sp_barrier_abort(...) sp_barrier_abort_from(__VA_ARGS__, SP_HERE "sp_barrier_abort")
int sp_barrier_abort_from(sp_barrier *barrier, const char *where);

/* Returns the number of tasks that the barrier is for.
 * asyncio: parties. */
int sp_barrier_parties(const sp_barrier *barrier);

/* Returns the number of tasks that wait now.
 * asyncio: n_waiting. */
int sp_barrier_n_waiting(const sp_barrier *barrier);

/* Returns true if the barrier is broken.
 * asyncio: broken. */
bool sp_barrier_broken(const sp_barrier *barrier);

/* ---------------------------------------------------------------------------------------------
 * Queues: pointers that the tasks of a loop pass to each other */

/* A queue. */
typedef struct sp_queue sp_queue;

/* Tells whether `a` is to come before `b`: returns a number below 0, 0 or above 0, as strcmp. */
typedef int sp_compare(const void *a, const void *b);

/* Creates a queue of at most `maxsize` items (0 or less: any number), first in, first out.
 * Returns the queue, or NULL.
 * Errors: SP_ENOMEM.
 * Free it with sp_queue_free.
 * asyncio: Queue. */
sp_queue *sp_queue_new(int maxsize);

/* sp_queue_new, last in, first out.
 * Returns the queue, or NULL.
 * Errors: SP_ENOMEM.
 * Free it with sp_queue_free.
 * asyncio: LifoQueue. */
sp_queue *sp_lifo_queue_new(int maxsize);

/* sp_queue_new where the least item by `compare` comes out first; equal items come in the order of
 * Python's heapq.
 * Returns the queue, or NULL.
 * Errors: SP_ENOMEM.
 * Free it with sp_queue_free.
 * asyncio: PriorityQueue. */
sp_queue *sp_priority_queue_new(int maxsize, sp_compare *compare);

/* Frees the queue, not its items. No task may be waiting on it. Does nothing if NULL. */
void sp_queue_free(sp_queue *queue);

/* Adds an item, which may be NULL.
 * Returns 0 on success.
 * Errors, after which the item was not added: SP_ESHUTDOWN; SP_ECANCELED; SP_ENOTASK; SP_ENOMEM.
 * Suspends while the queue is full.
 * The item stays its owner's.
 * asyncio: put. */
#define sp_queue_put(...) sp_queue_put_from(__VA_ARGS__, SP_HERE "sp_queue_put")
int sp_queue_put_from(sp_queue *queue, void *item, const char *where);

/* Takes the next item out, into *item.
 * Returns 0 on success.
 * Errors, after which no item was taken: SP_ESHUTDOWN when it is empty and shut down; SP_ECANCELED;
 *   SP_ENOTASK.
 * Suspends while the queue is empty.
 * asyncio: get. */
#define sp_queue_get(...) sp_queue_get_from(__VA_ARGS__, SP_HERE "sp_queue_get")
int sp_queue_get_from(sp_queue *queue, void **item, const char *where);

/* sp_queue_put without suspending; may be called outside tasks.
 * Returns 0 on success.
 * Errors, after which the item was not added: SP_EFULL; SP_ESHUTDOWN; SP_ENOMEM.
 * asyncio: put_nowait. */
int sp_queue_put_nowait(sp_queue *queue, void *item);

/* sp_queue_get without suspending; may be called outside tasks.
 * Returns 0 on success.
 * Errors: SP_EEMPTY; SP_ESHUTDOWN when it is empty and shut down.
 * asyncio: get_nowait. */
int sp_queue_get_nowait(sp_queue *queue, void **item);

/* Returns the number of items in the queue.
 * asyncio: qsize. */
size_t sp_queue_size(const sp_queue *queue);

/* Returns how many items the queue may hold; 0 or less: any number.
 * asyncio: maxsize. */
int sp_queue_maxsize(const sp_queue *queue);

/* Returns true if the queue has no items.
 * asyncio: empty. */
bool sp_queue_empty(const sp_queue *queue);

/* Returns true if the queue holds as many items as it may.
 * asyncio: full. */
bool sp_queue_full(const sp_queue *queue);

/* Says that the work on one item is done.
 * Returns 0 on success.
 * Errors: SP_EINVAL when the work on every item is already done.
 * asyncio: task_done. */
int sp_queue_task_done(sp_queue *queue);

/* Waits until the work on every item that was put is done.
 * Returns 0 on success.
 * Errors: SP_ECANCELED; SP_ENOTASK.
 * Suspends, unless it is done.
 * asyncio: join. */
#define sp_queue_join(...) sp_queue_join_from(__VA_ARGS__, SP_HERE "sp_queue_join")
int sp_queue_join_from(sp_queue *queue, const char *where);

/* Ends putting. Items in the queue can still be got, unless `immediate`: then they are taken out
 * and count as done; get them before, if they have to be freed. All tasks that wait to put or to
 * get are woken, with SP_ESHUTDOWN unless they can get an item.
 * asyncio: shutdown. */
void sp_queue_shutdown(sp_queue *queue, bool immediate);

/* ---------------------------------------------------------------------------------------------
 * Generators: a function that yields values, one at a time, to the task that asks for them
 *
 *   static int count(sp_generator *self, void *arg)
 *   {
 *     for (int i = 0; i < 3; i++) {
 *       int error = sp_sleep(0.1);
 *       if (error == 0) error = sp_yield(self, &numbers[i]);
 *       if (error < 0) return error;
 *     }
 *     return 0;
 *   }
 *
 * It has a stack of its own but runs as part of the task that asks: what it awaits suspends that
 * task, a cancellation of that task reaches it, and so does a timeout around the asking. Asking and
 * yielding let no other task run. Several tasks may ask in turn, and a producer may ask another
 * generator. A timeout or a task group that a producer keeps open across a yield belongs to the
 * task that asked when it was opened: if it is over meanwhile, that task is cancelled wherever it
 * is, as in asyncio. */

/* A generator. */
typedef struct sp_generator sp_generator;

/* The function of a generator: returns 0 or more at its end, < 0 when it failed. */
typedef int sp_producer(sp_generator *self, void *arg);

/* Creates a generator, which begins with the first sp_generator_next. sp_generator_new_with has
 * `options`, of which only stack_size and arg_size count; a producer that overruns its stack ends
 * the program with a message that names fn.
 * Returns the generator, or NULL.
 * Errors: SP_ENOMEM, also for a stack that is too large; SP_ENOTASK where no loop runs.
 * Free it with sp_generator_free. `arg` stays the caller's and must live as long as fn uses it.
 *   `options` is read during the call.
 * asyncio: calling an async generator function. */
#define sp_generator_new(...) \
  sp_generator_new_from(__VA_ARGS__, NULL, SP__FIRST(__VA_ARGS__, ), SP_HERE)
#define sp_generator_new_with(...) \
  sp_generator_new_from(__VA_ARGS__, SP__FIRST(__VA_ARGS__, ), SP_HERE)
sp_generator *sp_generator_new_from(sp_producer *fn, void *arg, const sp_task_options *options,
                                    const char *fn_name, const char *where);

/* sp_generator_new with a copy of what `arg` points to, for a function that makes a generator of
 * its arguments:
 *   sp_generator *ticker(double delay, int to)
 *   {
 *     return sp_generator_new_copy(tick, &(struct ticker){.delay = delay, .to = to});
 *   }
 * `arg` is as that of sp_create_task_copy.
 * Returns the generator, or NULL.
 * Errors: those of sp_generator_new.
 * Free it with sp_generator_free. The copy belongs to the generator and is valid until fn returns.
 * asyncio: calling an async generator function, which keeps its arguments. */
#define sp_generator_new_copy(...)                                         \
  sp__generator_new_copy(__VA_ARGS__, SP__SIZE_BEHIND_SECOND(__VA_ARGS__), \
                         SP__FIRST(__VA_ARGS__, ), SP_HERE)

/* In the producer: passes `value` to the task that asked, and returns when the next one is asked
 * for.
 * Returns 0 on success.
 * Errors: SP_EGENERATOREXIT when the generator is being closed: clean up and return; the error of
 *   sp_generator_throw; SP_ECANCELED when the task that was to close it after sp_generator_free or
 *   at the end of the run was cancelled; SP_EINVALIDSTATE outside its own producer; SP_ENOTASK.
 * Suspends the producer only, not the task.
 * `value` stays the producer's, which says how long it lives: at least until the next one is asked
 *   for.
 * asyncio: yield. */
#define sp_yield(...) sp_yield_from(__VA_ARGS__, SP_HERE "sp_yield")
int sp_yield_from(sp_generator *self, void *value, const char *where);

/* Runs the producer until it yields.
 * Returns 1 with the value in *value; 0 when the producer has ended.
 * Errors: the producer's, once, after which it has ended; SP_EINVALIDSTATE when it is running, for
 *   another task or this one; SP_ENOTASK.
 * Suspends when the producer does.
 * asyncio: async for, anext. */
#define sp_generator_next(...) sp_generator_next_from(__VA_ARGS__, SP_HERE "sp_generator_next")
int sp_generator_next_from(sp_generator *generator, void **value, const char *where);

/* Makes the sp_yield at which the producer is suspended return `code` (< 0, with `message`, copied,
 * may be NULL), and continues as sp_generator_next. A generator that has not begun ends with that
 * error.
 * Returns 1 with the value in *value; 0 when the producer has ended.
 * Errors: those of sp_generator_next; SP_EINVAL for code >= 0.
 * Suspends when the producer does.
 * asyncio: athrow. */
#define sp_generator_throw(...) sp_generator_throw_from(__VA_ARGS__, SP_HERE "sp_generator_throw")
int sp_generator_throw_from(sp_generator *generator, int code, const char *message, void **value,
                            const char *where);

/* Ends the generator: the sp_yield at which the producer is suspended returns SP_EGENERATOREXIT,
 * and the producer cleans up. One that has not begun never will; for one that has ended, or was
 * closed, nothing happens.
 * Returns 0 on success.
 * Errors: one that the producer returned, other than SP_EGENERATOREXIT; SP_EINVALIDSTATE when it
 *   yielded again, or is running; SP_ENOTASK.
 * Suspends when the producer does.
 * asyncio: aclose. */
#define sp_generator_close(...) sp_generator_close_from(__VA_ARGS__, SP_HERE "sp_generator_close")
int sp_generator_close_from(sp_generator *generator, const char *where);

/* Releases the generator, before its loop is closed. One that is suspended at a yield is first
 * closed by a task of its own, created in the next iteration, and one that runs continues to its
 * yield or its end. Generators that were never released are closed by sp_loop_shutdown, and so at
 * the end of a run; an error is reported ("an error occurred during closing of asynchronous
 * generator ..."). Does nothing if NULL.
 * asyncio: dropping the reference; shutdown_asyncgens. */
void sp_generator_free(sp_generator *generator);

/* ---------------------------------------------------------------------------------------------
 * Callbacks: functions that the loop calls. They run outside tasks and cannot suspend. */

/* Is called by the loop. */
typedef void sp_callback(void *arg);

/* A scheduled call: a value to copy, never released. It is valid until the loop ends, and
 * cancelling it after its call has run does nothing. `call` is NULL when scheduling failed, and
 * sp_error_message says why; such a handle may be passed to the functions below, too. */
typedef struct sp_handle {
  struct sp__call *call; /* NULL: not scheduled */
  uint32_t generation;   /* private */
} sp_handle;

/* Schedules fn(arg) for the next iteration, after everything that is ready already.
 * Returns a handle, whose `call` is NULL on failure.
 * Errors: SP_ENOMEM; SP_EINVAL when `loop` is NULL; SP_ECLOSED; SP_EINVALIDSTATE in debug mode, in
 *   another thread than the loop's.
 * asyncio: loop.call_soon. */
sp_handle sp_loop_call_soon(sp_loop *loop, sp_callback *fn, void *arg);

/* Schedules fn(arg) after `delay` seconds; 0 or less: in the next iteration, after everything that
 * is ready already; INFINITY: never.
 * Returns a handle, whose `call` is NULL on failure.
 * Errors: those of sp_loop_call_soon; SP_EINVAL for a NaN.
 * asyncio: loop.call_later. */
sp_handle sp_loop_call_later(sp_loop *loop, double delay, sp_callback *fn, void *arg);

/* Schedules fn(arg) for when sp_loop_time reaches `when`.
 * Returns a handle, whose `call` is NULL on failure.
 * Errors: those of sp_loop_call_soon; SP_EINVAL for a NaN.
 * asyncio: loop.call_at. */
sp_handle sp_loop_call_at(sp_loop *loop, double when, sp_callback *fn, void *arg);

/* sp_loop_call_soon that wakes a waiting loop. In the thread that runs the loop it is
 * sp_loop_call_soon itself; from another, and before a run, calls run in the order in which they
 * were sent, and those that fn makes run before sp_to_thread(fn, arg) returns. The handle may be
 * cancelled on the loop's own thread only.
 * Returns a handle, whose `call` is NULL on failure.
 * Errors: SP_ENOMEM; SP_EINVAL when `loop` is NULL; SP_ECLOSED.
 * The loop may be closed, but not freed.
 * From any thread.
 * asyncio: loop.call_soon_threadsafe. */
sp_handle sp_loop_call_soon_threadsafe(sp_loop *loop, sp_callback *fn, void *arg);

/* Cancels the call if it has not run.
 * asyncio: Handle.cancel. */
void sp_handle_cancel(sp_handle handle);

/* Returns true if the call was cancelled. The loop forgets a call once it has run, or is the next
 *   to run and was cancelled: then it returns false.
 * asyncio: Handle.cancelled. */
bool sp_handle_cancelled(sp_handle handle);

/* Returns when the call of sp_loop_call_later or sp_loop_call_at is due, on the clock of
 *   sp_loop_time; a NaN once the loop has forgotten it, and for other calls.
 * asyncio: TimerHandle.when. */
double sp_handle_when(sp_handle handle);

/* ---------------------------------------------------------------------------------------------
 * Threads */

/* Returns true if this build runs sp_to_thread in threads. It is false only on the web, in a build
 *   without -pthread. */
bool sp_has_threads(void);

/* Runs fn(arg) in another thread and suspends until it returns. The thread is one of the loop's
 * default executor, which has up to four and natively does files, too. Where there are no threads
 * fn runs in a later iteration, on the loop's own thread, which waits for it.
 *
 * fn may call only the functions of spindle that say "From any thread." It must not block forever,
 * nor on the web call exit(). It can get the caller's task-locals, and so can the tasks and
 * callbacks that it sends to a loop. A child of fork() has none of these threads: it leaves by
 * _exit() or exec.
 *
 * If the caller is cancelled, an fn that has not begun never runs; one that has begun continues and
 * its result is dropped. sp_run waits at its end for every fn that still runs, and so does
 * sp_loop_close.
 * Returns what fn returned.
 * Errors: fn's own, with the message that sp_fail set there; SP_ECANCELED; SP_ENOTASK; SP_ENOMEM,
 *   also when no thread can be started.
 * Suspends.
 * `arg` must live until fn has returned, also after SP_ECANCELED.
 * asyncio: to_thread. */
#define sp_to_thread(...) sp_to_thread_from(__VA_ARGS__, SP_HERE "sp_to_thread")
int sp_to_thread_from(int (*fn)(void *arg), void *arg, const char *where);

/* A program's own pool of threads for sp_run_in_executor.
 * asyncio: ThreadPoolExecutor. */
typedef struct sp_executor sp_executor;

/* Creates a pool of at most `threads` (1 to 128) threads. A thread is started when there is work
 * and none is idle; work begins in the order in which it was submitted. Any number of loops may use
 * the pool. Where there are no threads the pool is created all the same, and its functions run on
 * the loop's thread.
 * Returns the pool, or NULL.
 * Errors: SP_ENOMEM; SP_EINVAL for a number out of range.
 * Free it with sp_executor_free.
 * From any thread. */
sp_executor *sp_executor_new(int threads);

/* Waits until all work of the pool has run, ends its threads and frees it. It blocks: call it on
 * the loop's thread only when no task waits for the pool. Does nothing if NULL.
 * From any thread.
 * asyncio: shutdown(wait=True). */
void sp_executor_free(sp_executor *executor);

/* sp_to_thread in a thread of that pool, without the task-locals; NULL: of the default one, which
 * sp_to_thread uses.
 * Returns what fn returned.
 * Errors: those of sp_to_thread.
 * Suspends.
 * `arg` must live until fn has returned, also after SP_ECANCELED.
 * asyncio: loop.run_in_executor. */
#define sp_run_in_executor(...) sp_run_in_executor_from(__VA_ARGS__, SP_HERE "sp_run_in_executor")
int sp_run_in_executor_from(sp_executor *executor, int (*fn)(void *arg), void *arg,
                            const char *where);

/* A task of another thread's loop, seen from outside.
 * asyncio: concurrent.futures.Future. */
typedef struct sp_remote_task sp_remote_task;

/* Runs fn(arg) as a task of `loop`, which some thread runs. If the task cannot be created the
 * handle has that error, and the loop's exception handler is told.
 * Returns a handle, or NULL.
 * Errors: SP_ENOMEM; SP_EINVAL when `loop` is NULL; SP_ECLOSED.
 * Free it with sp_remote_task_free. The loop may be closed, but not freed.
 * From any thread.
 * asyncio: run_coroutine_threadsafe. */
#define sp_run_coroutine_threadsafe(...) \
  sp_run_coroutine_threadsafe_from(__VA_ARGS__, NULL, SP__SECOND(__VA_ARGS__, ), SP_HERE)

/* sp_run_coroutine_threadsafe with options for the task.
 * Returns a handle, or NULL.
 * Errors: those of sp_run_coroutine_threadsafe.
 * Free it with sp_remote_task_free. `options` and the bytes to be copied are read during the call,
 *   in the calling thread.
 * From any thread.
 * asyncio: run_coroutine_threadsafe. */
#define sp_run_coroutine_threadsafe_with(...) \
  sp_run_coroutine_threadsafe_from(__VA_ARGS__, SP__SECOND(__VA_ARGS__, ), SP_HERE)

sp_remote_task *sp_run_coroutine_threadsafe_from(sp_loop *loop, sp_coroutine *fn, void *arg,
                                                 const sp_task_options *options,
                                                 const char *fn_name, const char *where);

/* sp_run_coroutine_threadsafe with a copy of what `arg` points to, made in the calling thread,
 * which then need not wait for the task:
 *   sp_remote_task_free(sp_run_coroutine_threadsafe_copy(loop, handle, &(struct job){.id = 1}));
 * `arg` is as that of sp_create_task_copy.
 * Returns a handle, or NULL.
 * Errors: those of sp_run_coroutine_threadsafe.
 * Free it with sp_remote_task_free. The copy belongs to the task and is valid until fn returns.
 * From any thread.
 * asyncio: run_coroutine_threadsafe, whose coroutine keeps its arguments. */
#define sp_run_coroutine_threadsafe_copy(...)                                        \
  sp__run_coroutine_threadsafe_copy(__VA_ARGS__, SP__SIZE_BEHIND_THIRD(__VA_ARGS__), \
                                    SP__SECOND(__VA_ARGS__, ), SP_HERE)

/* Blocks the calling thread until the task is done or `timeout` seconds (INFINITY: no limit; 0 or
 * less: it does not block) are over. A loop that is closed cancels the task.
 * Returns the task's result.
 * Errors: the task's own, with its message set in this thread; SP_ETIMEDOUT; SP_ECANCELED;
 *   SP_EINVALIDSTATE in the thread that runs the loop while the task is not done, without blocking;
 *   SP_EINVAL for a NaN.
 * It does not release the handle.
 * From any thread.
 * asyncio: Future.result(timeout). */
int sp_remote_task_result(sp_remote_task *task, double timeout);

/* Returns true if the task is done, or was cancelled.
 * From any thread.
 * asyncio: Future.done. */
bool sp_remote_task_done(sp_remote_task *task);

/* Cancels the handle at once, and requests that the task stop, which may take its time.
 * Returns false if it already has a result or an error.
 * From any thread.
 * asyncio: Future.cancel. */
bool sp_remote_task_cancel(sp_remote_task *task);

/* Frees the handle; the task continues. No other thread may be using the handle. Does nothing if
 * NULL.
 * From any thread, also after the loop was freed. */
void sp_remote_task_free(sp_remote_task *task);

/* ---------------------------------------------------------------------------------------------
 * Files */

/* Writes `size` bytes to `path`, replacing its contents, without blocking the loop. The file is
 * complete or untouched, whatever becomes of the program (nothing is synced: a machine that fails
 * is another matter). Natively a file that is not complete has no name at all where the file system
 * supports that; elsewhere, and under Node, it has one beside `path` (`.spindle-...`), which is
 * left behind only by a program that is killed.
 *
 * The file is owned by the process's user. A file that is replaced passes on its group and its
 * permissions, but those of the group only where the group can be passed on, and no set-user-ID,
 * set-group-ID or sticky bit. A symbolic link is replaced itself; a device, a pipe or a socket is
 * not. In a browser the file is passed to the page (the module's `onFile` option).
 * Returns 0 on success.
 * Errors, whose message names the path: SP_ENOENT; SP_EACCES; SP_EISDIR; SP_ENOTDIR; SP_ENOSPC;
 *   SP_EIO; SP_ENOTASK; SP_ENOMEM; SP_EINVAL for what is not replaced; SP_ENOTSUP in a page that
 *   accepts no files.
 * Suspends.
 * `data` and `path` are borrowed until the call returns: a cancelled write completes first, and the
 *   next suspending call returns SP_ECANCELED. */
#define sp_write_file(...) sp_write_file_from(__VA_ARGS__, SP_HERE "sp_write_file")
int sp_write_file_from(const char *path, const void *data, size_t size, const char *where);

/* Reads the whole file: its bytes in *data, followed by one NUL that is not counted in *size. In a
 * browser the page is asked (the module's `readFile` option).
 * Returns 0 on success. On an error *data is NULL and *size 0.
 * Errors: those of sp_write_file, where SP_ENOTSUP is for a page that provides no files;
 *   SP_ECANCELED, at once: what was read is dropped (a thread may still be reading for a while,
 *   which sp_run waits for at its end).
 * Suspends.
 * Free *data with free(). `path` is borrowed until the call returns. */
#define sp_read_file(...) sp_read_file_from(__VA_ARGS__, SP_HERE "sp_read_file")
int sp_read_file_from(const char *path, void **data, size_t *size, const char *where);

/* A file that is written in pieces and appears, complete, when it is committed: as sp_write_file,
 * for data that need not be in memory at once (a page gets it at once all the same). */
typedef struct sp_file sp_file;

/* Creates a file to be written to `path` (copied). Nothing is on the disk yet.
 * Returns the file, or NULL.
 * Errors: SP_ENOMEM; SP_ENOTASK where no loop runs.
 * Free it with sp_file_free, before its loop is closed. */
sp_file *sp_file_new(const char *path);

/* Adds `size` bytes. Up to 64 KiB are gathered, so that a small file is one job for the disk; a
 * piece that exceeds that capacity is written as one job with what was gathered. A cancelled write
 * completes first, as that of sp_write_file.
 * Returns 0 on success.
 * Errors: those of sp_write_file, after which, unless it is SP_ENOTASK, the file can only be freed;
 *   SP_EINVALIDSTATE when an earlier write failed, the file is committed, or another task is writing
 *   it; SP_EINVAL for a file of another loop.
 * Suspends, unless the piece is gathered.
 * `data` is borrowed until the call returns. */
#define sp_file_write(...) sp_file_write_from(__VA_ARGS__, SP_HERE "sp_file_write")
int sp_file_write_from(sp_file *file, const void *data, size_t size, const char *where);

/* Writes the rest and gives the file its name.
 * Returns 0 on success.
 * Errors: those of sp_file_write.
 * Suspends. */
#define sp_file_commit(...) sp_file_commit_from(__VA_ARGS__, SP_HERE "sp_file_commit")
int sp_file_commit_from(sp_file *file, const char *where);

/* Frees the file; no task may be writing it. Nothing is left of a file that was not committed. A
 * loop that is closed frees its files. Does nothing if NULL. */
void sp_file_free(sp_file *file);

/* ---------------------------------------------------------------------------------------------
 * Terminals */

/* The width of the terminal that `fd` (1: stdout, 2: stderr) writes to.
 * Returns its columns, now; 0 when it is no terminal, or does not know. In a page: the module's
 *   `columns` option, else 0.
 * From any thread; on the web another thread waits for the main thread to respond. */
int sp_terminal_columns(int fd);

/* ---------------------------------------------------------------------------------------------
 * HTTP
 *
 * Natively libcurl speaks it, under Node node:http, elsewhere on the web the engine's own fetch.
 * Redirects are followed, with a limit. HTTP/2 is used where the server has it over TLS (not under
 * Node), whose certificates are verified (natively the environment's SSL_CERT_FILE names the
 * authorities). Natively the environment's http_proxy, https_proxy and no_proxy are honoured.
 *
 * Compressed responses (gzip and deflate; in browsers what they support besides) are requested and
 * decompressed, up to five codings of one body; with an unknown coding the body is passed on as it
 * came. The headers stay as the server sent them, so that content-length and content-encoding
 * describe what was received, not the body. A compressed body that ends early is SP_ETRUNCATED, a
 * damaged one SP_EPROTOCOL. Browsers hide from scripts that it ended early, and some damage: there
 * the body is what could be decompressed.
 *
 * The headers of a response may take 64 KiB, and so may trailers, which are shown to nobody; more
 * are SP_ETOOLARGE. In browsers that counts what they show to scripts, and they have a limit of
 * their own that is SP_ENETWORK. */

/* Connections that are kept open between requests, and their limits. Requests without a session
 * share one of their loop's. asyncio has none.
 * aiohttp: ClientSession. */
typedef struct sp_session sp_session;

/* How a session is created. Zero-initialised, all defaults. */
typedef struct sp_session_options {
  int max_connections; /* at once; more requests wait for their turn. 0: no limit of ours */
  int max_connections_per_host; /* the same for one host and port. 0: no limit of ours; browsers
                                   have one of about six with HTTP/1 */
  bool cookies; /* keep the cookies that servers set, and send them back: natively in a jar of the
                   session's own, in a browser in the browser's, with what that demands of servers
                   of another origin. Not under Node, where it is SP_ENOTSUP */
} sp_session_options;

/* Creates a session of the running loop. `options` may be NULL.
 * Returns the session, or NULL.
 * Errors: SP_ENOMEM; SP_EINVAL for a negative number; SP_ENOTSUP for cookies under Node; SP_ENOTASK
 *   where no loop runs.
 * Free it with sp_session_free before its loop is closed, which would free it. `options` is read
 *   during the call. */
sp_session *sp_session_new(const sp_session_options *options);

/* Closes the session's connections, once the last of its requests has ended. No more requests may
 * begin. Does nothing if NULL.
 * aiohttp: session.close. */
void sp_session_free(sp_session *session);

/* Provides the next piece of a body that is sent: writes 0 to `size` bytes to `buffer`. Called in
 * the task that sends, and may suspend; the request's timeout interrupts it. While it is suspended
 * the exchange does not progress: an early response of the server, even an error, is seen only when
 * it returns, and it must not wait for what a reader of the same response produces. After
 * SP_ECANCELED it may be called again.
 * Returns the number of bytes; 0 at the end; < 0 fails the request with that error and its
 *   message. */
typedef int sp_body_reader(void *arg, void *buffer, size_t size);

/* A header of a request or a response. */
typedef struct sp_header {
  const char *name;  /* of a response in lower case */
  const char *value; /* without the line's end */
} sp_header;

/* What to do with a redirect. */
typedef enum sp_redirect {
  SP_REDIRECT_FOLLOW, /* follow up to max_redirects */
  SP_REDIRECT_ERROR,  /* a redirect is SP_EREDIRECT */
  SP_REDIRECT_MANUAL  /* the redirect itself is the response. In a browser its status is 0 and it
                         has no headers: browsers hide them from scripts */
} sp_redirect;

/* What to request, and how. Zero-initialised, all defaults. Everything in it is borrowed until the
 * call returns. */
typedef struct sp_fetch_options {
  const char *method;        /* NULL: GET, or POST when there is a body */
  const sp_header *headers;  /* array of header_count, sent byte by byte as they are; control
                               characters other than a tab are SP_EINVAL. One that browsers do not
                               allow a page to set (Host, Cookie, ...) is SP_ENOTSUP there */
  size_t header_count;       /* number of headers */
  const void *body;          /* body_size bytes; NULL: none. GET and HEAD have none */
  size_t body_size;          /* bytes of body, or of read_body */
  sp_body_reader *read_body; /* in place of body: called until it returns 0, or the server responds
                                with an error or a redirect. body_size, unless it is 0, is the
                                number of bytes to come (others are SP_EINVAL); else the server is
                                not told, and they are sent in chunks. They cannot be sent twice: a
                                redirect other than 303 is SP_EREDIRECT. In a browser they are
                                gathered before the request begins, and redirects are followed */
  void *read_body_arg;       /* read_body's `arg` */
  size_t max_body_size; /* a larger response is SP_ETOOLARGE, counted after decompression; 0: no
                           limit */
  sp_session *session;  /* NULL: the loop's own */
  sp_redirect redirect; /* what to do with a redirect */
  int max_redirects;    /* 0: 20. Browsers have their own limit of 20 */
  double timeout;       /* seconds for the whole exchange; 0 and INFINITY: none */
} sp_fetch_options;

/* What the server sent. */
typedef struct sp_response {
  int status;          /* 200, 404, ... */
  char *url;           /* where the response came from, after redirects */
  sp_header *headers;  /* array of header_count, names in lower case, in no particular order. In a
                          browser only those that CORS shows to scripts */
  size_t header_count; /* number of headers */
  void *body;          /* body_size bytes, followed by one NUL that is not counted; NULL while it is
                          read in pieces */
  size_t body_size;    /* bytes of body */
  struct sp__fetch *stream; /* private */
} sp_response;

/* Sends a request and reads the whole response. Any number may run at once; of a page 512 do, and
 * more wait for their turn, since browsers fail when there are too many for them.
 *
 * `url` begins with http:// or https:// and is UTF-8; in a page it may be relative to the page.
 * What the URL standard encodes is encoded: spaces and letters in a path or a query, and hosts of
 * any script (IDNA). A name and a password in it (http://name:password@host/) become an
 * Authorization: Basic header, unless the caller gives one, and appear in no message and no
 * response. No cookies but a session's, no cache. A redirect to another origin is not sent
 * Authorization, Proxy-Authorization, Cookie and Host. `options` may be NULL. Cancelling the task
 * aborts the transfer and closes its connection.
 *
 * A connection that was kept open after an earlier request may close while a request is on its way.
 * A GET, HEAD, OPTIONS, PUT or DELETE is then sent once more, as RFC 9110 (9.2.2) allows for
 * idempotent methods; any other is SP_ECONNRESET, since the server may have received it, and so is
 * a body from read_body. Browsers retry those, too.
 * Returns the HTTP status (404 is a status, not an error) and fills `response`.
 * Errors, each with a message that names method and URL: SP_ECONNREFUSED; SP_EDNS; SP_ECONNRESET
 *   (the connection closed before the head of a response was complete); SP_ETLS; SP_ETIMEDOUT;
 *   SP_ETRUNCATED (a body that ends early); SP_EREDIRECT; SP_EPROTOCOL (a response that breaks
 *   HTTP's rules); SP_EIO (too many open files); SP_ENETWORK (any other network fault; in a browser
 *   also those before the response begins, which it does not tell apart); SP_ETOOLARGE; those of
 *   read_body; SP_EINVAL (bad URL, method or header; control characters in a URL; CONNECT, TRACE,
 *   TRACK; a body with GET or HEAD, or two; a negative number among the options, a NaN; a session
 *   of another loop, or one that was freed); SP_ECANCELED; SP_ENOTASK; SP_ENOMEM; in a page
 *   SP_ECORS (the server can be reached, but does not allow the page's origin: requested once more,
 *   by HEAD, to tell that) and SP_ENOTSUP (a header that a page may not set; http from an https
 *   page).
 * Suspends.
 * Free `response` with sp_response_free; on an error it is all zero and needs no freeing.
 * aiohttp: session.request and response.read. */
#define sp_fetch(...) sp_fetch_from(__VA_ARGS__, SP_HERE "sp_fetch")
int sp_fetch_from(const char *url, const sp_fetch_options *options, sp_response *response,
                  const char *where);

/* sp_fetch that returns as soon as the head of the response is there. `response` has everything but
 * the body, which sp_response_read then reads piece by piece. The transfer continues meanwhile, but
 * no further than the capacity of a buffer (64 KiB) ahead: a slow reader stops it. (A browser reads
 * ahead by itself.) `timeout` and `max_body_size` are for the whole exchange. The part of a sent
 * body that the server did not wait for is sent while the response is read. Natively it is
 * HTTP/1.1, so that a response that is kept waiting delays no other.
 * Returns the HTTP status and fills `response`.
 * Errors: those of sp_fetch.
 * Suspends.
 * Free `response` with sp_response_free before the task ends; `body` and `read_body_arg` stay
 *   borrowed until then.
 * aiohttp: async with session.get. */
#define sp_fetch_open(...) sp_fetch_open_from(__VA_ARGS__, SP_HERE "sp_fetch_open")
int sp_fetch_open_from(const char *url, const sp_fetch_options *options, sp_response *response,
                       const char *where);

/* Reads the next piece of the body: 1 to `size` bytes (at most INT_MAX) in `buffer`.
 * Returns the number of bytes; 0 at the end.
 * Errors: those of sp_fetch, once everything before was read (of which a browser may drop some),
 *   and again at each further call; SP_ECANCELED, after which the response can still be read;
 *   SP_EINVAL for a `size` of 0 or a response of another loop; SP_EINVALIDSTATE for a response that
 *   is not from sp_fetch_open, or that another task is reading.
 * Suspends, unless there is something to read.
 * aiohttp: response.content.read. */
#define sp_response_read(...) sp_response_read_from(__VA_ARGS__, SP_HERE "sp_response_read")
int sp_response_read_from(sp_response *response, void *buffer, size_t size, const char *where);

/* Returns the value of a header, by its name in any case, or NULL.
 * The text is valid as long as the response. */
const char *sp_response_header(const sp_response *response, const char *name);

/* Frees what sp_fetch or sp_fetch_open filled and zeroes it; a body not read to its end is aborted,
 * with its connection. No task may be reading it. Does nothing for a zeroed response. */
void sp_response_free(sp_response *response);

/* ---------------------------------------------------------------------------------------------
 * Private: what the macros that copy an argument call */

#ifndef __cplusplus
static inline sp_task *sp__create_task_copy(sp_coroutine *fn, const void *arg, size_t arg_size,
                                            const char *fn_name, const char *where)
{
  const sp_task_options options = {.arg_size = arg_size};
  return sp_create_task_from(fn, (void *)(uintptr_t)arg, &options, fn_name, where);
}

static inline int sp__task_group_spawn_copy(sp_task_group *group, sp_coroutine *fn, const void *arg,
                                            size_t arg_size, const char *fn_name, const char *where)
{
  const sp_task_options options = {.arg_size = arg_size};
  return sp_task_group_spawn_from(group, fn, (void *)(uintptr_t)arg, &options, fn_name, where);
}

static inline sp_generator *sp__generator_new_copy(sp_producer *fn, const void *arg,
                                                   size_t arg_size, const char *fn_name,
                                                   const char *where)
{
  const sp_task_options options = {.arg_size = arg_size};
  return sp_generator_new_from(fn, (void *)(uintptr_t)arg, &options, fn_name, where);
}

static inline sp_remote_task *sp__run_coroutine_threadsafe_copy(sp_loop *loop, sp_coroutine *fn,
                                                                const void *arg, size_t arg_size,
                                                                const char *fn_name,
                                                                const char *where)
{
  const sp_task_options options = {.arg_size = arg_size};
  return sp_run_coroutine_threadsafe_from(loop, fn, (void *)(uintptr_t)arg, &options, fn_name,
                                          where);
}
#else
}

struct sp__size_by_type {};

template <typename Pointer>
struct sp__copied {
  typedef typename std::remove_reference<Pointer>::type pointer;
  typedef typename std::remove_cv<typename std::remove_pointer<pointer>::type>::type object;
  static_assert(std::is_pointer<pointer>::value && std::is_trivially_copyable<object>::value &&
                    !std::is_same<object, char>::value,
                "the argument to copy is no pointer to one object of a known type that is "
                "trivially copyable");

  void *arg;
  sp_task_options options;

  explicit sp__copied(const object *original) : arg(const_cast<object *>(original)), options()
  {
    options.arg_size = sizeof(object);
  }
};

template <typename Pointer>
sp_task *sp__create_task_copy(sp_coroutine *fn, Pointer &&arg, sp__size_by_type,
                              const char *fn_name, const char *where)
{
  const sp__copied<Pointer> copied(arg);
  return sp_create_task_from(fn, copied.arg, &copied.options, fn_name, where);
}

template <typename Pointer>
int sp__task_group_spawn_copy(sp_task_group *group, sp_coroutine *fn, Pointer &&arg,
                              sp__size_by_type, const char *fn_name, const char *where)
{
  const sp__copied<Pointer> copied(arg);
  return sp_task_group_spawn_from(group, fn, copied.arg, &copied.options, fn_name, where);
}

template <typename Pointer>
sp_generator *sp__generator_new_copy(sp_producer *fn, Pointer &&arg, sp__size_by_type,
                                     const char *fn_name, const char *where)
{
  const sp__copied<Pointer> copied(arg);
  return sp_generator_new_from(fn, copied.arg, &copied.options, fn_name, where);
}

template <typename Pointer>
sp_remote_task *sp__run_coroutine_threadsafe_copy(sp_loop *loop, sp_coroutine *fn, Pointer &&arg,
                                                  sp__size_by_type, const char *fn_name,
                                                  const char *where)
{
  const sp__copied<Pointer> copied(arg);
  return sp_run_coroutine_threadsafe_from(loop, fn, copied.arg, &copied.options, fn_name, where);
}
#endif

#endif
