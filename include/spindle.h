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
 * - No pointer to something of spindle's, to a function or to where a result goes may be NULL, and
 *   no handle used after its release, unless the comment says so. A `void *arg` may be anything.
 * - Everything belongs to the thread that runs the loop: nothing here may be called for a loop from
 *   another thread, unless it says "From any thread."
 *
 * Sections: errors, running, loops, tasks, task-locals, futures, waits, timeouts, task groups,
 * synchronisation, queues, generators, callbacks, threads, files, terminals, http. */
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

/* The place of a call, "file.c:12", and behind its NUL the call's name: SP_HERE "sp_sleep". The
 * macros below pass it to what takes a `where`, so that a task can say where it is and in which
 * call. A program that passes its own, `sp_sleep_from(1, SP_HERE "backoff")`, gives the wait its own
 * name; a bare SP_HERE has none, and a string that is not made so must end in two NULs. */
#define SP__STRING_OF(x) #x
#define SP__STRING(x) SP__STRING_OF(x)
#define SP_HERE __FILE__ ":" SP__STRING(__LINE__) "\0"

/* The calls that take a place are macros that pass all of their arguments on, so that each may have
 * commas of its own: &(sp_fetch_options){.timeout = 5, .method = "PUT"}, or a lambda in C++. These
 * two are the text of a macro's first and second argument: a function's name. */
#define SP__FIRST(first, ...) #first
#define SP__SECOND(first, second, ...) #second

/* How large the object is that the last argument points to, after one argument or two. A string, an
 * array and a pointer to void do not tell: they are refused. In C++ its type tells. */
#ifdef __cplusplus
#define SP__SIZE_BEHIND_SECOND(...) sp__size_by_type()
#define SP__SIZE_BEHIND_THIRD(...) sp__size_by_type()
#else
/* What is refused is added to this, for the compiler to name. It is never defined. */
extern const struct sp__copied_argument_is_no_pointer_to_one_object_of_a_known_type {
  char unused;
} sp__refused;
#define SP__REFUSE_UNSIZED(...) \
  _Generic((__VA_ARGS__), void * : sp__refused, const void * : sp__refused, \
    char * : sp__refused, const char * : sp__refused, default : 0)
#define SP__TWO_IF_POINTER(...) (char(*)[1 + (sizeof(__VA_ARGS__) == sizeof(void *))]) NULL
#define SP__REFUSE_ARRAY(...) \
  _Generic(SP__TWO_IF_POINTER(__VA_ARGS__), char(*)[2] : 0, default : sp__refused)
#define SP__SIZE_BEHIND(...) \
  (sizeof *(__VA_ARGS__) + SP__REFUSE_UNSIZED(__VA_ARGS__) + SP__REFUSE_ARRAY(__VA_ARGS__))
#define SP__SIZE_BEHIND_SECOND(first, ...) SP__SIZE_BEHIND(__VA_ARGS__)
#define SP__SIZE_BEHIND_THIRD(first, second, ...) SP__SIZE_BEHIND(__VA_ARGS__)
#endif

/* ---------------------------------------------------------------------------------------------
 * Errors
 *
 * Name, value, what sp_strerror says; the comment is Python's name for it. Values from -999 to -1
 * belong to spindle; a program's own codes are SP_EUSER (-1000) and below. Browsers do not tell a
 * refused connection from an unknown host: there both are SP_ENETWORK. */
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

/* What a code means, in a few words: "timed out"; "ok" for 0 and more, "error" for a code that is
 * not spindle's. Never NULL, never freed. From any thread. */
const char *sp_strerror(int code);

/* The code's name: "SP_ETIMEDOUT"; "SP_OK" for 0 and more, "error" for a code that is not
 * spindle's. Never NULL, never freed. From any thread. */
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

/* The errors inside an SP_EGROUP, in the order in which they came. */
typedef struct sp_error_group {
  size_t count;
  const struct sp_error_entry *errors; /* count of them */
} sp_error_group;

typedef struct sp_error_entry {
  int code;
  const char *message;         /* never NULL */
  const sp_error_group *group; /* when code is SP_EGROUP: what is in it; else NULL */
} sp_error_entry;

/* What is in the last error of this task when that was an SP_EGROUP; NULL when it was not, and
 * outside tasks. Valid until the next failing call in this task.
 * asyncio: ExceptionGroup.exceptions. */
const sp_error_group *sp_last_error_group(void);

/* ---------------------------------------------------------------------------------------------
 * Running */

typedef struct sp_loop sp_loop;

/* A future, and a task: a task is a future that a coroutine fulfils, so whatever takes a future
 * takes a task. Two names for one type, to say which is meant. */
typedef struct sp_future sp_future;
typedef struct sp_future sp_task;

/* In C++ a function-local static must not have an initialiser that suspends: a second task that comes
 * to it meanwhile runs it again on the web, and is an error of the C++ runtime's natively. */
typedef int sp_coroutine(void *arg);

typedef struct sp_task_options {
  const char *name;  /* copied; NULL: "Task-N", as asyncio counts them */
  size_t stack_size; /* bytes of C stack; 0: 65536. Rounded up to a power of two, at least 512 on
                        the web and 16384 natively; more than 256 MiB on the web or 32 MiB natively
                        fails as out of memory.
                        The task's own block (some 300 bytes, on the web 200) and natively a guard
                        page come off it.
                        A task that overruns its stack ends the program with a message that names
                        it. */
  bool eager_start;  /* run it at once, until it suspends for the first time or ends, before the
                        creating call returns. asyncio: eager_start */
  size_t arg_size;   /* copies that many bytes of `arg` (not NULL then) before the creating call
                        returns: fn is given the copy, aligned as by malloc and valid until fn
                        returns. 0: fn is given `arg` itself.
                        The copy comes off the stack, which is at least eight times as large: more
                        than 32 MiB on the web or 4 MiB natively fails as out of memory */
} sp_task_options;

/* Runs fn(arg) as the main task of a new loop of this thread and returns what it returned, after
 * cancelling and awaiting every task that is left. It blocks the thread natively; on the web it
 * parks main() while the browser's or Node's own loop goes on. While it runs it has SIGINT, unless
 * the program has a handler of its own for that or ignores it: Ctrl-C cancels the main task; a
 * second one, or one when the main task is done, ends the program. Natively it is for the loops of all
 * threads that run one. A program that is imported under Node has it only with the module's option
 * `signals`. In a page the module's `interrupt()` is the first Ctrl-C, and returns false in place of
 * the second.
 * Errors: those of fn; SP_EINTERRUPTED when Ctrl-C cancelled it; SP_ERUNNING when this thread
 * already runs a loop; SP_ENOMEM; SP_EIO when no descriptors are left for a loop (ulimit -n); on the
 * web SP_ENOTSUP when main() of the main thread is not what called it, as in an atexit handler.
 * asyncio: run. */
#define sp_run(...) sp_run_from(__VA_ARGS__, NULL, SP__FIRST(__VA_ARGS__, ), SP_HERE)

/* sp_run with options for the main task. `options` is read before the call returns or suspends. */
#define sp_run_with(...) sp_run_from(__VA_ARGS__, SP__FIRST(__VA_ARGS__, ), SP_HERE)

int sp_run_from(sp_coroutine *fn, void *arg, const sp_task_options *options, const char *fn_name,
                const char *where);

/* The loop that this thread runs, or NULL. asyncio: get_running_loop. */
sp_loop *sp_loop_running(void);

/* The clock of a loop, in seconds from some start. Unless it is a virtual one it never stands
 * still: no two calls give the same time, so equal delays end in the order in which they began.
 * asyncio: loop.time. */
double sp_loop_time(sp_loop *loop);

/* ---------------------------------------------------------------------------------------------
 * Loops: sp_run in its parts, for a loop that runs several times, for ever, on a virtual clock */

/* Zero-initialised, all defaults. */
typedef struct sp_loop_options {
  bool debug;          /* as sp_loop_set_debug; so does the environment's SPINDLE_DEBUG, unless it
                          is empty, for every loop */
  bool virtual_clock;  /* for tests: sp_loop_time begins at 0 and stands still while anything is
                          ready, then jumps to the next timer. What goes on outside (threads,
                          transfers, files) is waited for without the clock moving. When nothing is
                          ready and nothing can come, the run ends with SP_EDEADLOCK */
  uint64_t order_seed; /* for tests: what is ready in an iteration runs in an order drawn from this
                          seed; 0: first in, first out, as asyncio */
} sp_loop_options;

/* A loop for this thread that does not run yet, to be freed with sp_loop_free. `options` is read
 * during the call, may be NULL. NULL, with sp_error_message set, when out of memory or descriptors.
 * asyncio: new_event_loop. */
sp_loop *sp_loop_new(const sp_loop_options *options);

/* Ends a loop that does not run: what is still scheduled is dropped, a task that is not done is
 * reported ("Task was destroyed but it is pending!") and never runs again, and every task,
 * generator and file is freed, whoever holds a handle. Call sp_loop_shutdown first to let tasks
 * clean up. Whatever is asked of a closed loop, or by the exception handler meanwhile, is
 * SP_ECLOSED. 0 or SP_ERUNNING. asyncio: loop.close. */
int sp_loop_close(sp_loop *loop);

/* Whether it was closed. asyncio: loop.is_closed. */
bool sp_loop_is_closed(const sp_loop *loop);

/* Frees a loop, which is closed first. NULL is let be. 0 or SP_ERUNNING. */
int sp_loop_free(sp_loop *loop);

/* Runs fn(arg) on the loop as sp_run does, with its SIGINT and with sp_loop_shutdown at the end,
 * and leaves the loop open. What fn sets in its task-locals is there for the next sp_loop_run.
 * Returns and fails as sp_run; SP_EDEADLOCK; SP_ECLOSED.
 * asyncio: Runner.run. */
#define sp_loop_run(...) sp_loop_run_from(__VA_ARGS__, NULL, SP__SECOND(__VA_ARGS__, ), SP_HERE)
int sp_loop_run_from(sp_loop *loop, sp_coroutine *fn, void *arg, const sp_task_options *options,
                     const char *fn_name, const char *where);

/* Runs the loop until the future is done and returns its result or its error. A task's handle is
 * not released. Errors: the future's own; SP_ERUNNING when this thread runs a loop already;
 * SP_EINVALIDSTATE when the loop was stopped before, and SP_EINTERRUPTED when it was by Ctrl-C;
 * SP_EINVAL (NULL, a future of another loop); SP_EDEADLOCK; SP_ECLOSED; SP_ENOMEM; on the web
 * SP_ENOTSUP as sp_run. asyncio: loop.run_until_complete. */
int sp_loop_run_until_complete(sp_loop *loop, sp_future *future);

/* Runs the loop until sp_loop_stop. 0 or an error as sp_loop_run_until_complete; Ctrl-C ends it,
 * with SP_EINTERRUPTED.
 * asyncio: loop.run_forever. */
int sp_loop_run_forever(sp_loop *loop);

/* Ends the run with the current iteration; called before a run, that run is one iteration.
 * asyncio: loop.stop. */
void sp_loop_stop(sp_loop *loop);

/* Cancels every task of the loop and runs it until they are done; closes the generators that were
 * not exhausted; waits for what runs in threads. An error that a task ends with is reported to the
 * exception handler. For a loop that does not run. 0 or an error as sp_loop_run_until_complete.
 * asyncio: what asyncio.run does at its end. */
int sp_loop_shutdown(sp_loop *loop);

/* Whether it runs. asyncio: loop.is_running. */
bool sp_loop_is_running(const sp_loop *loop);

/* Debug mode: a callback or a step of a task that takes longer than the slow-callback duration
 * (seconds; 0.1 unless set) is reported on stderr, and a task or a future that is reported says
 * where it was created. sp_loop_call_soon, _later and _at of a loop that another thread runs are
 * refused with SP_EINVALIDSTATE. asyncio: loop.set_debug, loop.slow_callback_duration. */
void sp_loop_set_debug(sp_loop *loop, bool debug);
bool sp_loop_debug(const sp_loop *loop);
void sp_loop_set_slow_callback_duration(sp_loop *loop, double seconds);
double sp_loop_slow_callback_duration(const sp_loop *loop);

/* What a loop has done, since it was made. */
typedef struct sp_statistics {
  size_t tasks;        /* those that are not done, now */
  uint64_t switches;   /* how often a task was resumed */
  uint64_t iterations; /* in which something ran */
  size_t task_memory;  /* bytes that tasks and generators hold now: their stacks, with their own
                          blocks in them; on the web also what is saved of them elsewhere while they
                          are suspended. Natively it is address space, which the system backs page by
                          page when it is first touched: a task that waits has mostly touched one
                          page, whatever the size of its stack */
  double busy;         /* seconds in which the loop ran what was ready, and did not wait */
} sp_statistics;

/* Takes next to no time, however many tasks there are. Of a loop that is closed: what it did. */
void sp_loop_statistics(sp_loop *loop, sp_statistics *statistics);

/* What went wrong where nobody was there to be told. */
typedef struct sp_report {
  const char *message;       /* "Task exception was never retrieved" */
  sp_future *future;         /* the task or future it is about, or NULL */
  int code;                  /* its error, or 0 */
  const char *error_message; /* the error's message, or NULL */
  const char *created;       /* in debug mode: where the future was created, "file.c:12"; or NULL */
} sp_report;

/* `report` lives during the call. Runs outside tasks and cannot suspend. Told of a task, it has
 * that task's task-locals, while the loop runs. */
typedef void sp_exception_handler(sp_loop *loop, const sp_report *report, void *arg);

/* Has reports given to `handler`; NULL: to the default one.
 * asyncio: loop.set_exception_handler. */
void sp_loop_set_exception_handler(sp_loop *loop, sp_exception_handler *handler, void *arg);

/* The default handler: writes the report to stderr. asyncio: loop.default_exception_handler. */
void sp_loop_default_exception_handler(sp_loop *loop, const sp_report *report);

/* Gives a report to the loop's handler. asyncio: loop.call_exception_handler. */
void sp_loop_call_exception_handler(sp_loop *loop, const sp_report *report);

/* ---------------------------------------------------------------------------------------------
 * Tasks
 *
 * As with pthreads, each task is released once: by sp_await (join) or by sp_task_detach; several
 * tasks may be awaiting it then. What takes an sp_task is for tasks only, not for other futures. A
 * task that failed and whose error nobody took says so on stderr when it is released or when the
 * loop ends: "Task exception was never retrieved". */

/* Schedules fn(arg) to run soon as a task of the running loop and returns its handle, or NULL: out
 * of memory, a stack that is too large, or no loop runs (sp_error_message says which). It does not
 * suspend: fn starts in the next iteration of the loop, after what is ready already. `arg` stays
 * the caller's and must live as long as fn uses it. The macro keeps fn's name and this place for
 * reports.
 * asyncio: create_task. */
#define sp_create_task(...) \
  sp_create_task_from(__VA_ARGS__, NULL, SP__FIRST(__VA_ARGS__, ), SP_HERE)

/* The same with a name, a stack size, an eager start or a copy of `arg`. `options` is read during
 * the call. */
#define sp_create_task_with(...) sp_create_task_from(__VA_ARGS__, SP__FIRST(__VA_ARGS__, ), SP_HERE)

sp_task *sp_create_task_from(sp_coroutine *fn, void *arg, const sp_task_options *options,
                             const char *fn_name, const char *where);

/* sp_create_task with a copy of what `arg` points to, so that it need not outlive the call:
 *   sp_task *task = sp_create_task_copy(fetch, &(struct job){.id = 1, .url = url});
 * `arg` is a pointer to one object (of an array: &array), in C++ of a type that is trivially
 * copyable.
 * What the object itself points to is not copied.
 * Returns the handle as sp_create_task.
 * Errors: as sp_create_task.
 * The copy belongs to the task and is valid until fn returns.
 * asyncio: create_task, whose coroutine keeps its arguments. */
#define sp_create_task_copy(...)                                                                   \
  sp__create_task_copy(__VA_ARGS__, SP__SIZE_BEHIND_SECOND(__VA_ARGS__), SP__FIRST(__VA_ARGS__, ), \
                       SP_HERE)

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

/* Lets the task go: it runs on, and is released when it ends. NULL, of a task that could not be
 * created, is let be. asyncio: dropping the reference. */
void sp_task_detach(sp_task *task);

/* One handle more to the same task, to be released by an sp_await or sp_task_detach of its own.
 * Returns `task`. */
sp_task *sp_task_ref(sp_task *task);

/* The task's name, valid until it is renamed or released. asyncio: get_name. */
const char *sp_task_name(sp_task *task);

/* Renames the task; `name` is copied; NULL: "Task-N" again. 0 or SP_ENOMEM. asyncio: set_name. */
int sp_task_set_name(sp_task *task, const char *name);

/* Writes what the future or task is doing, as
 * "<Task pending name='Task-2' coro=<spin() running at spinner.c:14> wait_for=<Future pending>>",
 * cut to `size` bytes with its NUL. Returns the length of the uncut text; long names and messages
 * are shortened in it. asyncio: repr. */
size_t sp_repr(const sp_future *future, char *text, size_t size);

/* The name of the task's function, "spin". Static. asyncio: get_coro().__name__. */
const char *sp_task_coro_name(const sp_task *task);

/* Where the task was suspended last, or was created if it has not begun: "src/file.c:12", static,
 * as the compiler was told the file's name. asyncio: get_stack. */
const char *sp_task_where(const sp_task *task);

/* The call in which it is suspended, "sp_sleep", static: what the program called there, not what
 * that one called in its turn. "" while it runs, before it begins, and when it is done. */
const char *sp_task_call(const sp_task *task);

/* When it was suspended there, or created, in seconds on the clock of sp_loop_time. That a task
 * which waited is ready to go on does not change it. */
double sp_task_since(const sp_task *task);

/* Writes the first `room` of the loop's tasks that are not done to `tasks`, in the order of their
 * creation; borrowed handles. Returns how many there are, which may be more. asyncio: all_tasks. */
size_t sp_all_tasks(sp_loop *loop, sp_task **tasks, size_t room);

/* Who waits for a future, as text. A line says what a task runs, in which call it is suspended,
 * where, and for how long; those below it, indented, are of the tasks that await it, each with
 * those that await that one:
 *   fetcher: fetch() waits in sp_sleep at flags.c:30 for 1.250 s
 *     awaited by Task-1: all() waits in sp_gather at flags.c:52 for 1.251 s
 * NULL stands for the current task. Cut to `size` bytes with its NUL; returns the length of the
 * uncut text; 0 where there is no task, or no memory. asyncio: format_call_graph. */
size_t sp_format_call_graph(const sp_future *future, char *text, size_t size);

/* The same, whole, written to stdout. asyncio: print_call_graph. */
void sp_print_call_graph(const sp_future *future);

/* All tasks of the loop that are not done as a tree, in lines like those of sp_format_call_graph,
 * each below the one that awaits it. A task that was told of before, because several await it or
 * tasks await each other in a circle, ends its branch with "(see above)". A line deeper than 64
 * levels is indented no further, and begins with its depth: "[65] ". Cut and returned as there.
 * asyncio: python -m asyncio pstree. */
size_t sp_format_tasks(sp_loop *loop, char *text, size_t size);

/* The same, whole, written to stdout. asyncio: python -m asyncio pstree. */
void sp_print_tasks(sp_loop *loop);

/* sp_create_task on a loop that need not run yet. NULL also when the loop is closed.
 * asyncio: loop.create_task. */
#define sp_loop_create_task(...) \
  sp_loop_create_task_from(__VA_ARGS__, NULL, SP__SECOND(__VA_ARGS__, ), SP_HERE)
sp_task *sp_loop_create_task_from(sp_loop *loop, sp_coroutine *fn, void *arg,
                                  const sp_task_options *options, const char *fn_name,
                                  const char *where);

/* Makes the tasks of a loop in place of spindle: calls sp_loop_create_task_from, perhaps with other
 * options or a function around fn, and returns what that returned. It is not called from within
 * itself. `options` (may be NULL) tells how many bytes of `arg` are to be copied: with an `arg` of
 * its own a factory passes an `arg_size` of its own. */
typedef sp_task *sp_task_factory(sp_loop *loop, sp_coroutine *fn, void *arg,
                                 const sp_task_options *options, const char *fn_name,
                                 const char *where, void *factory_arg);

/* Has every task created by the factory; NULL: by spindle again. asyncio: loop.set_task_factory. */
void sp_loop_set_task_factory(sp_loop *loop, sp_task_factory *factory, void *factory_arg);

/* ---------------------------------------------------------------------------------------------
 * Task-locals: values that belong to a task, and that tasks and callbacks inherit */

/* A variable, static, told apart by its address: `static sp_local request = {"request", NULL};`.
 * asyncio: ContextVar. */
typedef struct sp_local {
  const char *name; /* for people */
  void *fallback;   /* its value where it was not set */
} sp_local;

/* The variable's value in the running task or callback: what was set there, or what was set where
 * the task was created or the callback scheduled, at that moment; else the fallback. A function
 * that sp_to_thread runs has what its task had at the call. From any thread.
 * asyncio: ContextVar.get. */
void *sp_local_get(const sp_local *local);

/* Sets it for the running task or callback, and for the tasks and callbacks that it makes from now
 * on. A producer sets it for the task that asks. The value stays the caller's, and lives as long as
 * anybody may get it. 0; SP_ENOMEM; SP_ENOTASK where no loop runs.
 * asyncio: ContextVar.set. */
int sp_local_set(const sp_local *local, void *value);

/* ---------------------------------------------------------------------------------------------
 * Futures: a result that arrives later */

/* A pending future of the running loop, to be freed with sp_future_free; NULL when out of memory or
 * when no loop runs. asyncio: loop.create_future. */
#define sp_future_new() sp_future_new_from(SP_HERE)
sp_future *sp_future_new_from(const char *where);

/* The same for a loop that need not run; NULL when it is closed. asyncio: loop.create_future. */
#define sp_loop_create_future(...) sp_loop_create_future_from(__VA_ARGS__, SP_HERE)
sp_future *sp_loop_create_future_from(sp_loop *loop, const char *where);

/* Frees a future from sp_future_new, done or not, before its loop is freed (sp_loop_free). Nobody may
 * be awaiting it while the loop is open, and no callback of it may be waiting to run. Does nothing if
 * NULL. Not for tasks. */
void sp_future_free(sp_future *future);

/* Fulfils the future with `result` (>= 0); who awaits it goes on in the next iteration.
 * 0; SP_EINVALIDSTATE if it is done already or is a task; SP_EINVAL for a negative result.
 * asyncio: set_result. */
int sp_future_set_result(sp_future *future, int result);

/* The same with an error (< 0) and its message (copied, may be NULL). SP_ECANCELED cancels it.
 * 0; SP_EINVALIDSTATE; SP_EINVAL for code >= 0. asyncio: set_exception. */
int sp_future_set_error(sp_future *future, int code, const char *message);

/* Cancels the future, or asks the task to stop (sp_task_cancel). False if it was done already; its
 * error then counts as retrieved. asyncio: cancel. */
bool sp_future_cancel(sp_future *future, const char *message);

/* Whether it has a result, has an error, or was cancelled. asyncio: done. */
bool sp_future_done(const sp_future *future);

/* Whether it was cancelled. asyncio: cancelled. */
bool sp_future_cancelled(const sp_future *future);

/* Its result (>= 0) or its error (< 0, with the message set; it counts as retrieved), or
 * SP_EINVALIDSTATE when it is not done. Does not suspend, does not release. asyncio: result. */
int sp_future_result(sp_future *future);

/* Its error (< 0, with the message set; it counts as retrieved) or 0 when it has a result;
 * SP_EINVALIDSTATE when it is not done. Neither suspends nor releases. asyncio: exception. */
int sp_future_error(sp_future *future);

typedef void sp_done_callback(sp_future *future, void *arg);

/* Has fn(future, arg) called in the iteration after the future is done (the next one, if it is
 * already), in the order of adding. 0; SP_ENOMEM, SP_ECLOSED. asyncio: add_done_callback. */
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
 * released by SP_ENOTASK and SP_EINVAL: NULL, a pending future of another loop, or a task that
 * waits for the caller, itself or through others. asyncio: await. */
#define sp_await(...) sp_await_from(__VA_ARGS__, SP_HERE "sp_await")
int sp_await_from(sp_future *future, const char *where);

/* Suspends for `seconds`; 0 or less lets everything else that is ready run once, and infinity
 * waits for cancellation. Returns 0. Suspends.
 * Errors: SP_ECANCELED, SP_ENOTASK, SP_ENOMEM; SP_EINVAL for a NaN. asyncio: sleep. */
#define sp_sleep(...) sp_sleep_from(__VA_ARGS__, SP_HERE "sp_sleep")
int sp_sleep_from(double seconds, const char *where);

/* Suspends until every future is done, and writes their results to `results` (count of them, in
 * the order of `futures`; may be NULL). 0 when all ended well. The first that fails or is
 * cancelled ends the wait at once with its error, its message set and `results` unset; the others
 * run on, and an error of theirs counts as retrieved. Cancelling the caller cancels those that are
 * not done, and the first that ends so ends the wait. A future may stand there twice. The handle
 * of each task is released once, as by sp_await, when the call returns, whatever it returns. With
 * count 0 there is nothing to wait for: 0. A task that gathers itself waits for ever.
 * Suspends, unless all are done or one that is has failed.
 * Errors: a future's own; SP_ECANCELED, SP_ENOMEM; SP_ENOTASK and SP_EINVAL (a NULL, a future of
 * another loop), after which no handle was released. asyncio: gather. */
#define sp_gather(...) sp_gather_from(__VA_ARGS__, SP_HERE "sp_gather")
int sp_gather_from(sp_future *const *futures, size_t count, int *results, const char *where);

/* The same, but an error (< 0) is a result like any other, and counts as retrieved: waits for all
 * and returns 0, or SP_ECANCELED with `results` unset when the caller was cancelled meanwhile.
 * asyncio: gather(return_exceptions=True). */
#define sp_gather_all(...) sp_gather_all_from(__VA_ARGS__, SP_HERE "sp_gather_all")
int sp_gather_all_from(sp_future *const *futures, size_t count, int *results, const char *where);

typedef enum sp_wait_until {
  SP_ALL_COMPLETED,
  SP_FIRST_COMPLETED,
  SP_FIRST_EXCEPTION /* one that failed (a cancelled one did not), or all */
} sp_wait_until;

/* Suspends until enough of the futures are done or `timeout` seconds are over (INFINITY: no
 * limit; 0 or less: for an iteration), then reorders `futures`: those that are done first, in the
 * order in which they stood, then those that are pending. Returns how many are done; a future that
 * stands there twice counts twice. Nothing is cancelled and no handle is released. Suspends, also
 * when enough are done already.
 * Errors, with `futures` as it was: SP_ECANCELED; SP_EINVAL (count is 0, a NULL, a NaN, a future
 * of another loop, an `until` that is none); SP_ENOTASK, SP_ENOMEM. asyncio: wait. */
#define sp_wait(...) sp_wait_from(__VA_ARGS__, SP_HERE "sp_wait")
int sp_wait_from(sp_future **futures, size_t count, double timeout, sp_wait_until until,
                 const char *where);

/* sp_await with a limit of `timeout` seconds (INFINITY: none). When it is over the future is
 * cancelled and awaited; then SP_ETIMEDOUT, or its result or error if it ended otherwise. A limit
 * of 0 or less is over at once, unless the future is done. A task's handle is released as by
 * sp_await. Suspends, unless the future is done.
 * Errors: those of sp_await; SP_ETIMEDOUT, SP_ENOMEM; SP_EINVAL (NULL, a NaN, a future of another
 * loop), after which the handle was not released. asyncio: wait_for. */
#define sp_wait_for(...) sp_wait_for_from(__VA_ARGS__, SP_HERE "sp_wait_for")
int sp_wait_for_from(sp_future *future, double timeout, const char *where);

/* sp_await whose cancellation does not reach the future: cancelling the caller returns
 * SP_ECANCELED, and the future goes on; if it fails then, the exception handler is told. No handle
 * is released, so that the caller can await it again. A task that shields itself waits for ever.
 * Suspends, unless the future is done.
 * Errors: the future's own; SP_ECANCELED, SP_ENOTASK, SP_ENOMEM; SP_EINVAL (NULL, a future of
 * another loop). asyncio: shield. */
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

/* Begins it; `timeout` (seconds, INFINITY: none, 0 or less: over in the next iteration) is for the
 * whole. `futures` is read during the call. A future that stands there twice comes once; those that
 * are done already come in the order in which they stand. No handle is released. 0; SP_EINVAL (a
 * NULL, a NaN, a future of another loop), SP_ENOTASK where no loop runs, SP_ENOMEM: then there is
 * nothing to close, and closing does no harm. asyncio: as_completed. */
int sp_as_completed_open(sp_as_completed *each, sp_future *const *futures, size_t count,
                         double timeout);

/* Suspends until the next one is done, unless one is. 1 with the future in *done, its handle still
 * to be released; 0 after as many calls as there are futures, also when some of them failed.
 * Several tasks may ask.
 * Errors: SP_ETIMEDOUT for each that was not done in time; SP_ECANCELED, after which there is one
 * less to ask for; SP_EINVALIDSTATE when it is not open; SP_ENOTASK. asyncio: async for. */
#define sp_as_completed_next(...) \
  sp_as_completed_next_from(__VA_ARGS__, SP_HERE "sp_as_completed_next")
int sp_as_completed_next_from(sp_as_completed *each, sp_future **done, const char *where);

/* Ends it and its limit, at the end or before. No future is cancelled. Nobody may be in
 * sp_as_completed_next. */
void sp_as_completed_close(sp_as_completed *each);

/* ---------------------------------------------------------------------------------------------
 * Timeouts: a limit for all that happens between open and close
 *
 *   sp_timeout limit;
 *   int result = sp_timeout_open(&limit, 0.5);
 *   if (result < 0) return result;
 *   result = whatever_suspends();
 *   return sp_timeout_close(&limit, result); */

typedef struct sp_timeout { /* all private */
  sp_task *task;
  double when;
  struct sp__call *timer;
  uint32_t timer_generation;
  int cancelling;
  int state;
} sp_timeout;

/* Begins a limit of `seconds` (INFINITY: none) for the running task, which is cancelled when they
 * are over; 0 or less is over in the next iteration. `limit` lives with the caller until its close
 * and may nest in others. 0; SP_ENOTASK, SP_ENOMEM, SP_EINVAL (NaN): then there is nothing to
 * close, and closing does no harm. asyncio: async with timeout. */
int sp_timeout_open(sp_timeout *limit, double seconds);

/* The same until sp_loop_time is `when`. asyncio: timeout_at. */
int sp_timeout_open_at(sp_timeout *limit, double when);

/* Ends the limit. `result` is what happened inside; it is returned as it is, unless it is the
 * SP_ECANCELED of this limit, which becomes SP_ETIMEDOUT. A task that was cancelled from elsewhere,
 * too, gets SP_ECANCELED. asyncio: leaving the with. */
int sp_timeout_close(sp_timeout *limit, int result);

/* Moves the limit to `when` (INFINITY: none); one in the past is over in the next iteration. 0;
 * SP_EINVALIDSTATE when it is over or closed; SP_ENOMEM and SP_EINVAL (NaN), which leave it as it
 * was. asyncio: reschedule. */
int sp_timeout_reschedule(sp_timeout *limit, double when);

/* When it is over, on the clock of sp_loop_time; INFINITY: never. asyncio: when. */
double sp_timeout_when(const sp_timeout *limit);

/* Whether it was over before it was closed. asyncio: expired. */
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

typedef struct sp_task_group { /* all private */
  struct sp__task_group *state;
} sp_task_group;

/* Begins a group of the running task, which is cancelled when a task of the group fails; the close
 * takes that back. `group` lives with the caller until its close and may nest in others. 0;
 * SP_ENOTASK, SP_ENOMEM: then there is nothing to close. asyncio: async with TaskGroup. */
int sp_task_group_open(sp_task_group *group);

/* Starts fn(arg) as a task of the group, which owns its handle. A task of the group may do this,
 * too, also while the group is being closed. 0; SP_EINVALIDSTATE when the group is shutting down
 * or finished; SP_ENOMEM. asyncio: TaskGroup.create_task. */
#define sp_task_group_spawn(...) \
  sp_task_group_spawn_from(__VA_ARGS__, NULL, SP__SECOND(__VA_ARGS__, ), SP_HERE)
int sp_task_group_spawn_from(sp_task_group *group, sp_coroutine *fn, void *arg,
                             const sp_task_options *options, const char *fn_name,
                             const char *where);

/* sp_task_group_spawn with a copy of what `arg` points to, so that it need not outlive the call:
 *   sp_task_group_spawn_copy(&group, fetch, &(struct job){.id = i, .url = url});
 * `arg` is as that of sp_create_task_copy.
 * Returns 0 on success.
 * Errors: as sp_task_group_spawn.
 * The copy belongs to the task and is valid until fn returns.
 * asyncio: TaskGroup.create_task, whose coroutine keeps its arguments. */
#define sp_task_group_spawn_copy(...)                                        \
  sp__task_group_spawn_copy(__VA_ARGS__, SP__SIZE_BEHIND_THIRD(__VA_ARGS__), \
                            SP__SECOND(__VA_ARGS__, ), SP_HERE)

/* The same, and a handle of the caller's own, to be released as that of sp_create_task. NULL where
 * sp_task_group_spawn fails; sp_error_message says why. asyncio: TaskGroup.create_task. */
#define sp_task_group_create_task(...) \
  sp_task_group_create_task_from(__VA_ARGS__, NULL, SP__SECOND(__VA_ARGS__, ), SP_HERE)
sp_task *sp_task_group_create_task_from(sp_task_group *group, sp_coroutine *fn, void *arg,
                                        const sp_task_options *options, const char *fn_name,
                                        const char *where);

/* Ends the group: suspends until all its tasks are done. The first that fails (cancelled is not
 * failed), a `result` < 0 or the caller's cancellation cancels the others, in the order of their
 * creation. `result` is what happened between open and close. Returns it when it is >= 0 and
 * nothing failed; SP_EGROUP when tasks failed, or the result was an error other than SP_ECANCELED,
 * with each of them in sp_last_error_group, in the order in which they came and the result last;
 * SP_ECANCELED when the caller was cancelled and nothing failed; SP_EINTERRUPTED when one of the
 * errors was that. To be called exactly once. Suspends, unless all are done.
 * Errors besides: SP_EINVALIDSTATE when it is not open; SP_ENOTASK, after which it is still open.
 * asyncio: leaving the with. */
#define sp_task_group_close(...) \
  sp_task_group_close_from(__VA_ARGS__, SP_HERE "sp_task_group_close")
int sp_task_group_close_from(sp_task_group *group, int result, const char *where);

/* ---------------------------------------------------------------------------------------------
 * Synchronisation between the tasks of a loop
 *
 * Each is a struct in the program's own memory that must outlive whoever waits on it. Nothing in it
 * is to be freed. All are fair: who came first is served first. Each belongs to the tasks of one
 * loop; if some still waited on it when the loop was closed, it is not to be used again. */

typedef struct sp__waiting { /* private: the tasks that wait, first come first */
  struct sp__waiting_task *first, *last;
  struct sp__waiting_task *asleep; /* nobody before this one is still to be woken */
} sp__waiting;

/* A mutual exclusion; `sp_lock lock = {0};` is one that is not locked. asyncio: Lock. */
typedef struct sp_lock {
  sp__waiting waiting;
  bool locked;
} sp_lock;

/* Suspends until the lock is free, then takes it. 0. Suspends, unless the lock is free.
 * Errors: SP_ECANCELED (then it was not taken), SP_ENOTASK. asyncio: acquire. */
#define sp_lock_acquire(...) sp_lock_acquire_from(__VA_ARGS__, SP_HERE "sp_lock_acquire")
int sp_lock_acquire_from(sp_lock *lock, const char *where);

/* Frees the lock for the next who waits; any task or callback may. 0, or SP_EINVALIDSTATE when it
 * is not locked. asyncio: release. */
int sp_lock_release(sp_lock *lock);

/* Whether it is taken. asyncio: locked. */
bool sp_lock_locked(const sp_lock *lock);

/* Something that happens; `sp_event event = {0};` is one that is not set. asyncio: Event. */
typedef struct sp_event {
  sp__waiting waiting;
  bool is_set;
} sp_event;

/* Suspends until the event is set. 0. Suspends, unless it is set.
 * Errors: SP_ECANCELED, SP_ENOTASK. asyncio: wait. */
#define sp_event_wait(...) sp_event_wait_from(__VA_ARGS__, SP_HERE "sp_event_wait")
int sp_event_wait_from(sp_event *event, const char *where);

/* Sets it; all that wait go on. asyncio: set. */
void sp_event_set(sp_event *event);

/* Takes it back: whoever waits from now on is suspended. asyncio: clear. */
void sp_event_clear(sp_event *event);

/* Whether it is set. asyncio: is_set. */
bool sp_event_is_set(const sp_event *event);

/* A change of state to wait for under a lock. `sp_condition condition = {0};` has a lock of its
 * own; `{.lock = &lock}` shares one. asyncio: Condition. */
typedef struct sp_condition {
  sp_lock *lock; /* NULL: own_lock */
  sp_lock own_lock;
  sp__waiting waiting;
} sp_condition;

/* The lock of the condition, as sp_lock_acquire (suspends, unless it is free), sp_lock_release and
 * sp_lock_locked. asyncio: acquire, release, locked. */
#define sp_condition_acquire(...) \
  sp_condition_acquire_from(__VA_ARGS__, SP_HERE "sp_condition_acquire")
int sp_condition_acquire_from(sp_condition *condition, const char *where);
int sp_condition_release(sp_condition *condition);
bool sp_condition_locked(const sp_condition *condition);

/* Gives the lock up, suspends until notified, and takes the lock again, also when it was cancelled
 * meanwhile. 0; what was waited for need not be so any more (see sp_condition_wait_for). Suspends.
 * Errors: SP_ECANCELED, with the lock; SP_EINVALIDSTATE when the lock is not taken; SP_ENOTASK.
 * asyncio: wait. */
#define sp_condition_wait(...) sp_condition_wait_from(__VA_ARGS__, SP_HERE "sp_condition_wait")
int sp_condition_wait_from(sp_condition *condition, const char *where);

/* Non-zero when what is waited for is so; a negative value is an error and ends the wait. */
typedef int sp_predicate(void *arg);

/* Waits, perhaps several times, until predicate(arg) is not zero, and returns what it returned.
 * Suspends, unless it is so. Errors: the predicate's; those of sp_condition_wait.
 * asyncio: wait_for. */
#define sp_condition_wait_for(...) \
  sp_condition_wait_for_from(__VA_ARGS__, SP_HERE "sp_condition_wait_for")
int sp_condition_wait_for_from(sp_condition *condition, sp_predicate *predicate, void *arg,
                               const char *where);

/* Wakes the first `count` of those that wait, or all; they go on when they have the lock. 0, or
 * SP_EINVALIDSTATE when the lock is not taken. asyncio: notify, notify_all. */
int sp_condition_notify(sp_condition *condition, size_t count);
int sp_condition_notify_all(sp_condition *condition);

/* A number of permits; `sp_semaphore semaphore = {.value = 3};` has three, and sp_semaphore_init
 * checks the number. asyncio: Semaphore, BoundedSemaphore. */
typedef struct sp_semaphore {
  int value;    /* permits that are free, >= 0 */
  bool bounded; /* never more than `bound` */
  int bound;
  sp__waiting waiting;
} sp_semaphore;

/* Makes it one with `value` permits. 0, or SP_EINVAL when value < 0. asyncio: Semaphore(value). */
int sp_semaphore_init(sp_semaphore *semaphore, int value);

/* The same, but a release beyond `value` is an error. asyncio: BoundedSemaphore(value). */
int sp_semaphore_init_bounded(sp_semaphore *semaphore, int value);

/* Suspends until a permit is free, then takes it. 0. Suspends, unless one is free.
 * Errors: SP_ECANCELED (then none was taken), SP_ENOTASK. asyncio: acquire. */
#define sp_semaphore_acquire(...) \
  sp_semaphore_acquire_from(__VA_ARGS__, SP_HERE "sp_semaphore_acquire")
int sp_semaphore_acquire_from(sp_semaphore *semaphore, const char *where);

/* Gives a permit back, or adds one. 0, or SP_EINVAL when a bounded semaphore has all of its own, or
 * another has INT_MAX. asyncio: release. */
int sp_semaphore_release(sp_semaphore *semaphore);

/* Whether an acquire would have to wait: no permit is free, or others are first.
 * asyncio: locked. */
bool sp_semaphore_locked(const sp_semaphore *semaphore);

/* A place where a number of tasks wait for each other, again and again. asyncio: Barrier. */
typedef struct sp_barrier { /* all private */
  sp_condition condition;
  int parties;
  int count;
  int state;
} sp_barrier;

/* Makes it one for `parties` tasks; before that it is none. 0, or SP_EINVAL when parties < 1.
 * asyncio: Barrier(parties). */
int sp_barrier_init(sp_barrier *barrier, int parties);

/* Suspends until `parties` tasks wait, then lets all of them go on. Returns how many of them were
 * there when this one came, 0 to parties - 1. Suspends.
 * Errors: SP_EBROKEN when the barrier is or was aborted, or reset while this task waited;
 * SP_ECANCELED, SP_ENOTASK. asyncio: wait. */
#define sp_barrier_wait(...) sp_barrier_wait_from(__VA_ARGS__, SP_HERE "sp_barrier_wait")
int sp_barrier_wait_from(sp_barrier *barrier, const char *where);

/* Empties the barrier: those that wait get SP_EBROKEN, and it can be used again. 0. Suspends.
 * Errors: SP_ECANCELED, SP_ENOTASK. asyncio: reset. */
#define sp_barrier_reset(...) sp_barrier_reset_from(__VA_ARGS__, SP_HERE "sp_barrier_reset")
int sp_barrier_reset_from(sp_barrier *barrier, const char *where);

/* Breaks the barrier for those that wait and for those to come, until a reset. 0. Suspends.
 * Errors: SP_ECANCELED, SP_ENOTASK. asyncio: abort. */
#define sp_barrier_abort(...) sp_barrier_abort_from(__VA_ARGS__, SP_HERE "sp_barrier_abort")
int sp_barrier_abort_from(sp_barrier *barrier, const char *where);

/* How many tasks it is for; how many wait now; whether it is broken.
 * asyncio: parties, n_waiting, broken. */
int sp_barrier_parties(const sp_barrier *barrier);
int sp_barrier_n_waiting(const sp_barrier *barrier);
bool sp_barrier_broken(const sp_barrier *barrier);

/* ---------------------------------------------------------------------------------------------
 * Queues of pointers between the tasks of a loop */

typedef struct sp_queue sp_queue;

/* Below 0, 0 or above 0, as strcmp: whether `a` is to come before `b`. */
typedef int sp_compare(const void *a, const void *b);

/* A queue that holds at most `maxsize` items (0 or less: any number), first in, first out; to be
 * freed with sp_queue_free. NULL when out of memory. asyncio: Queue. */
sp_queue *sp_queue_new(int maxsize);

/* The same, last in, first out. asyncio: LifoQueue. */
sp_queue *sp_lifo_queue_new(int maxsize);

/* The same, where the least by `compare` comes out first; equal ones come as from Python's heapq.
 * asyncio: PriorityQueue. */
sp_queue *sp_priority_queue_new(int maxsize, sp_compare *compare);

/* Frees the queue, not its items. Nobody may be waiting on it. NULL is let be. */
void sp_queue_free(sp_queue *queue);

/* Adds the item, which stays its owner's and may be NULL. 0. Suspends while the queue is full.
 * Errors: SP_ESHUTDOWN, SP_ECANCELED, SP_ENOTASK, SP_ENOMEM: the item was not added.
 * asyncio: put. */
#define sp_queue_put(...) sp_queue_put_from(__VA_ARGS__, SP_HERE "sp_queue_put")
int sp_queue_put_from(sp_queue *queue, void *item, const char *where);

/* Takes the next item out, into *item. 0. Suspends while the queue is empty.
 * Errors: SP_ESHUTDOWN when it is empty and shut down; SP_ECANCELED, SP_ENOTASK: no item was taken.
 * asyncio: get. */
#define sp_queue_get(...) sp_queue_get_from(__VA_ARGS__, SP_HERE "sp_queue_get")
int sp_queue_get_from(sp_queue *queue, void **item, const char *where);

/* The same without suspending: SP_EFULL, SP_EEMPTY instead, or SP_ESHUTDOWN, SP_ENOMEM. May be
 * called outside tasks.
 * asyncio: put_nowait, get_nowait. */
int sp_queue_put_nowait(sp_queue *queue, void *item);
int sp_queue_get_nowait(sp_queue *queue, void **item);

/* How many items are in it, may be in it; whether none is, whether no more may be.
 * asyncio: qsize, maxsize, empty, full. */
size_t sp_queue_size(const sp_queue *queue);
int sp_queue_maxsize(const sp_queue *queue);
bool sp_queue_empty(const sp_queue *queue);
bool sp_queue_full(const sp_queue *queue);

/* Says that the work on one item is done. 0, or SP_EINVAL when it was said for every item.
 * asyncio: task_done. */
int sp_queue_task_done(sp_queue *queue);

/* Suspends until the work on every item that was put is done. 0. Suspends.
 * Errors: SP_ECANCELED, SP_ENOTASK. asyncio: join. */
#define sp_queue_join(...) sp_queue_join_from(__VA_ARGS__, SP_HERE "sp_queue_join")
int sp_queue_join_from(sp_queue *queue, const char *where);

/* Lets nothing more be put. What is in it can still be got, unless `immediate`: then it is taken
 * out and counts as done; get it before, where somebody is to free it. All that wait to put or to
 * get are woken, with SP_ESHUTDOWN unless they can get an item. asyncio: shutdown. */
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
 * yielding let nobody else run. Several tasks may ask in turn, and a producer may ask another. A
 * timeout or a task group that a producer keeps open across a yield is of the task that asked when
 * it was opened: if it is over meanwhile, that task is cancelled wherever it is, as in asyncio. */

typedef struct sp_generator sp_generator;

/* Returns 0 or more at its end, < 0 when it failed. */
typedef int sp_producer(sp_generator *self, void *arg);

/* A generator that begins with the first sp_generator_next, to be freed with sp_generator_free.
 * `arg` stays the caller's and must live as long as fn uses it. `options` is read during the call,
 * and only stack_size and arg_size count; a stack that is overrun ends the program with a message
 * that names fn. NULL when out of memory, for a stack that is too large, or where no loop runs.
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
 * Returns the generator as sp_generator_new.
 * Errors: as sp_generator_new.
 * The copy belongs to the generator and is valid until fn returns.
 * asyncio: calling an async generator function, which keeps its arguments. */
#define sp_generator_new_copy(...)                                         \
  sp__generator_new_copy(__VA_ARGS__, SP__SIZE_BEHIND_SECOND(__VA_ARGS__), \
                         SP__FIRST(__VA_ARGS__, ), SP_HERE)

/* In the producer: gives `value` to who asks, and returns when the next one is asked for. `value`
 * stays the producer's, which says how long it lives: at least until then. 0. Suspends the producer
 * only, not the task.
 * Errors: SP_EGENERATOREXIT when it is being closed: clean up and return; what sp_generator_throw
 * brought; SP_EINVALIDSTATE outside its own producer; SP_ENOTASK. asyncio: yield. */
#define sp_yield(...) sp_yield_from(__VA_ARGS__, SP_HERE "sp_yield")
int sp_yield_from(sp_generator *self, void *value, const char *where);

/* Runs the producer until it yields: 1 with the value in *value; 0 when it has ended.
 * Suspends when the producer does.
 * Errors: the producer's, once, after which it has ended; SP_EINVALIDSTATE when it is running, for
 * another task or this one; SP_ENOTASK. asyncio: async for, anext. */
#define sp_generator_next(...) sp_generator_next_from(__VA_ARGS__, SP_HERE "sp_generator_next")
int sp_generator_next_from(sp_generator *generator, void **value, const char *where);

/* Makes the sp_yield at which it stands return `code` (< 0, with `message`, copied, may be NULL),
 * and goes on as sp_generator_next. One that has not begun ends with that error; for one that has
 * ended it is 0. Errors: those of sp_generator_next; SP_EINVAL for code >= 0. asyncio: athrow. */
#define sp_generator_throw(...) sp_generator_throw_from(__VA_ARGS__, SP_HERE "sp_generator_throw")
int sp_generator_throw_from(sp_generator *generator, int code, const char *message, void **value,
                            const char *where);

/* Ends it: the sp_yield at which it stands returns SP_EGENERATOREXIT, and the producer cleans up.
 * One that has not begun never will; for one that has ended, or was closed, nothing happens. 0.
 * Suspends when the producer does. Errors: another than SP_EGENERATOREXIT that the producer
 * returned; SP_EINVALIDSTATE when it yielded again, or is running; SP_ENOTASK. asyncio: aclose. */
#define sp_generator_close(...) sp_generator_close_from(__VA_ARGS__, SP_HERE "sp_generator_close")
int sp_generator_close_from(sp_generator *generator, const char *where);

/* Lets it go, before its loop is closed. One that stands at a yield is first closed by a task of
 * its own, made in the next iteration, and one that runs comes to its yield or its end. Those that
 * were never let go are closed by sp_loop_shutdown, and so at the end of a run; an error is
 * reported ("an error occurred during closing of asynchronous generator ..."). NULL is let be.
 * asyncio: dropping the reference; shutdown_asyncgens. */
void sp_generator_free(sp_generator *generator);

/* ---------------------------------------------------------------------------------------------
 * Callbacks: functions that the loop calls. They run outside tasks and cannot suspend. */

typedef void sp_callback(void *arg);

/* A scheduled call. A value to copy, never released; it stays valid until the loop ends, and
 * cancelling it after its call has run does nothing. `call` is NULL when scheduling failed: out of
 * memory, a time that is not a number, a NULL or a closed loop, or in debug mode the wrong thread;
 * sp_error_message says which. Such a handle may be cancelled and asked, too. */
typedef struct sp_handle {
  struct sp__call *call;
  uint32_t generation;
} sp_handle;

/* Calls fn(arg) in the next iteration, after what is ready already. asyncio: loop.call_soon. */
sp_handle sp_loop_call_soon(sp_loop *loop, sp_callback *fn, void *arg);

/* Calls fn(arg) after `delay` seconds; 0 or less: in the next iteration, after what is ready
 * already; INFINITY: never.
 * asyncio: loop.call_later. */
sp_handle sp_loop_call_later(sp_loop *loop, double delay, sp_callback *fn, void *arg);

/* Calls fn(arg) when sp_loop_time reaches `when`. asyncio: loop.call_at. */
sp_handle sp_loop_call_at(sp_loop *loop, double when, sp_callback *fn, void *arg);

/* sp_loop_call_soon from any thread: it wakes a loop that waits. In the thread that runs the loop
 * it is sp_loop_call_soon itself; from another, and before a run, the calls come in the order of
 * their sending, and those that fn makes come before sp_to_thread(fn, arg) returns. The handle may
 * be cancelled on the loop's own thread only. For a loop that is closed `call` is NULL and the
 * error SP_ECLOSED; one that is freed must not be given. From any thread. asyncio:
 * loop.call_soon_threadsafe. */
sp_handle sp_loop_call_soon_threadsafe(sp_loop *loop, sp_callback *fn, void *arg);

/* Takes the call back if it has not run. asyncio: Handle.cancel. */
void sp_handle_cancel(sp_handle handle);

/* Whether the call was taken back. The loop forgets a call once it has run, or is the next to come
 * and was taken back: then it is false. asyncio: Handle.cancelled. */
bool sp_handle_cancelled(sp_handle handle);

/* When sp_loop_call_later or sp_loop_call_at will call it, on the clock of sp_loop_time; a NaN once
 * the loop has forgotten it, and for the others. asyncio: TimerHandle.when. */
double sp_handle_when(sp_handle handle);

/* ---------------------------------------------------------------------------------------------
 * Threads */

/* Whether this build runs sp_to_thread in threads. False only on the web, in a build without
 * -pthread. */
bool sp_has_threads(void);

/* Runs fn(arg) in another thread and suspends until it returns; returns what it returned, with the
 * message that sp_fail gave an error there. The thread is one of the loop's default executor, which
 * has up to four and natively does files, too. Where there are no threads fn runs in a later
 * iteration, on the loop's own thread, which waits for it. fn may call nothing of spindle but what
 * says "From any thread." and must not block for ever, nor on the web call exit(). A child
 * of fork() has none of these threads: it leaves by _exit() or exec. It can get the caller's
 * task-locals, and so can the tasks and callbacks that it sends to a loop. If the caller is
 * cancelled, an fn that has not begun never runs; one that has runs on and its result is dropped:
 * `arg` must live until it has returned. sp_run waits at its end for every fn that still runs, and
 * so does sp_loop_close. Suspends. Errors: fn's own; SP_ECANCELED, SP_ENOTASK; SP_ENOMEM, also when
 * no thread can be started.
 * asyncio: to_thread. */
#define sp_to_thread(...) sp_to_thread_from(__VA_ARGS__, SP_HERE "sp_to_thread")
int sp_to_thread_from(int (*fn)(void *arg), void *arg, const char *where);

/* Threads of a program's own for sp_run_in_executor. asyncio: ThreadPoolExecutor. */
typedef struct sp_executor sp_executor;

/* A pool of at most `threads` (1 to 128) threads; to be freed with sp_executor_free. One is started
 * when there is work and none is idle; work begins in the order in which it was given. Any number
 * of loops may use the pool. NULL when out of memory or for a wrong number. Where there are no
 * threads it is made all the same, and its functions run on the loop's thread. From any thread. */
sp_executor *sp_executor_new(int threads);

/* Waits until what was given to the pool has run, ends its threads and frees it. It blocks: on the
 * loop's thread call it when no task waits for the pool. NULL is let be. From any thread.
 * asyncio: shutdown(wait=True). */
void sp_executor_free(sp_executor *executor);

/* sp_to_thread in a thread of that pool, without the task-locals; NULL: of the default one, which
 * sp_to_thread uses.
 * Suspends. Errors as sp_to_thread. asyncio: loop.run_in_executor. */
#define sp_run_in_executor(...) sp_run_in_executor_from(__VA_ARGS__, SP_HERE "sp_run_in_executor")
int sp_run_in_executor_from(sp_executor *executor, int (*fn)(void *arg), void *arg,
                            const char *where);

/* A task of another thread's loop, seen from outside: asyncio's concurrent.futures.Future. */
typedef struct sp_remote_task sp_remote_task;

/* Runs fn(arg) as a task of `loop`, which some thread runs. The handle is to be freed with
 * sp_remote_task_free. If no task can be made the handle has that error, and the loop's exception
 * handler is told. NULL when out of memory, or with SP_ECLOSED when the loop is closed; it must
 * not have been freed. From any thread. asyncio: run_coroutine_threadsafe. */
#define sp_run_coroutine_threadsafe(...) \
  sp_run_coroutine_threadsafe_from(__VA_ARGS__, NULL, SP__SECOND(__VA_ARGS__, ), SP_HERE)

/* The same with options for the task. `options` and what is to be copied are read during the call,
 * in the calling thread. */
#define sp_run_coroutine_threadsafe_with(...) \
  sp_run_coroutine_threadsafe_from(__VA_ARGS__, SP__SECOND(__VA_ARGS__, ), SP_HERE)

sp_remote_task *sp_run_coroutine_threadsafe_from(sp_loop *loop, sp_coroutine *fn, void *arg,
                                                 const sp_task_options *options,
                                                 const char *fn_name, const char *where);

/* sp_run_coroutine_threadsafe with a copy of what `arg` points to, made in the calling thread, which
 * then need not wait for the task:
 *   sp_remote_task_free(sp_run_coroutine_threadsafe_copy(loop, handle, &(struct message){.id = 1}));
 * `arg` is as that of sp_create_task_copy.
 * Returns the handle as sp_run_coroutine_threadsafe.
 * Errors: as sp_run_coroutine_threadsafe.
 * The copy belongs to the task and is valid until fn returns. From any thread.
 * asyncio: run_coroutine_threadsafe, whose coroutine keeps its arguments. */
#define sp_run_coroutine_threadsafe_copy(...)                                        \
  sp__run_coroutine_threadsafe_copy(__VA_ARGS__, SP__SIZE_BEHIND_THIRD(__VA_ARGS__), \
                                    SP__SECOND(__VA_ARGS__, ), SP_HERE)

/* Blocks the calling thread until the task is done or `timeout` seconds (INFINITY: no limit; 0 or
 * less: it only looks) are over; it does not release the handle. Returns the task's result or
 * error, with its message set in this thread. A loop that is closed cancels it.
 * Errors: the task's own; SP_ETIMEDOUT; SP_ECANCELED; SP_EINVALIDSTATE in the thread that runs the
 * loop while the task is not done, without blocking; SP_EINVAL for a NaN. From any thread.
 * asyncio: Future.result(timeout). */
int sp_remote_task_result(sp_remote_task *task, double timeout);

/* Whether it is done, or was cancelled. From any thread. asyncio: Future.done. */
bool sp_remote_task_done(sp_remote_task *task);

/* Ends it as cancelled, at once, and asks the task to stop, which may take its time. False if it
 * has a result or an error already. From any thread. asyncio: Future.cancel. */
bool sp_remote_task_cancel(sp_remote_task *task);

/* Frees the handle; the task runs on. Nobody may be using the handle in another thread. NULL is
 * let be. From any thread, also after the loop was freed. */
void sp_remote_task_free(sp_remote_task *task);

/* ---------------------------------------------------------------------------------------------
 * Files */

/* Writes `size` bytes to `path`, replacing what it held, without blocking the loop. `path` is whole
 * or untouched, whatever becomes of the program (nothing is synced: a failing machine is another
 * matter). Natively a file that is not whole has no name at all where the file system can do that;
 * elsewhere, and under Node, it has one beside `path` (`.spindle-...`), which only a program that
 * is killed leaves behind. The file is the writer's. One that is replaced hands its group and its
 * permissions on, but those of the group only where that can be handed on, and no set-user-ID,
 * set-group-ID or sticky bit; a symbolic link is replaced itself; a device, a pipe or a socket is
 * not. In a browser the file goes to the page (the module's `onFile` option). `data` and `path` are
 * borrowed until the call returns: a cancelled write first comes to its end, and the next
 * suspending call returns SP_ECANCELED. Returns 0. Suspends.
 * Errors: SP_ENOENT, SP_EACCES, SP_EISDIR, SP_ENOTDIR, SP_ENOSPC, SP_EIO, SP_ENOTASK, SP_ENOMEM;
 * SP_EINVAL for what is not replaced; SP_ENOTSUP in a page that takes no files. The message names
 * the path. */
#define sp_write_file(...) sp_write_file_from(__VA_ARGS__, SP_HERE "sp_write_file")
int sp_write_file_from(const char *path, const void *data, size_t size, const char *where);

/* Reads the whole file: its bytes in *data, to be freed with free(), followed by one NUL that is
 * not counted in *size. In a browser the page is asked (the module's `readFile` option). `path` is
 * borrowed until the call returns. Returns 0; on an error *data is NULL and *size 0. Suspends.
 * Errors as sp_write_file; SP_ECANCELED at once, and what was read is dropped (a thread may be at
 * it for a while, which sp_run waits for at its end); SP_ENOTSUP in a page that gives no files. */
#define sp_read_file(...) sp_read_file_from(__VA_ARGS__, SP_HERE "sp_read_file")
int sp_read_file_from(const char *path, void **data, size_t *size, const char *where);

/* A file that is written in pieces and is there, whole, when it is committed: as sp_write_file, for
 * what need not be in memory at once (a page is given it at once all the same). */
typedef struct sp_file sp_file;

/* A file to be written to `path` (copied); to be freed with sp_file_free, before its loop is
 * closed. Nothing is on the disk yet. NULL when out of memory or where no loop runs. */
sp_file *sp_file_new(const char *path);

/* Adds `size` bytes, borrowed until the call returns. Up to 64 KiB are gathered, so that a small
 * file is one job for the disk; when a piece has no room there, what was gathered and the piece are
 * written as one job. 0. May suspend. A cancelled write first comes to its end, as that of
 * sp_write_file. Errors as sp_write_file, after which the file can only be freed;
 * SP_EINVALIDSTATE when it failed before, was committed, or another task is writing it; SP_EINVAL
 * for a file of another loop. */
#define sp_file_write(...) sp_file_write_from(__VA_ARGS__, SP_HERE "sp_file_write")
int sp_file_write_from(sp_file *file, const void *data, size_t size, const char *where);

/* Writes what is left and gives the file its name. 0; errors as sp_file_write. Suspends. */
#define sp_file_commit(...) sp_file_commit_from(__VA_ARGS__, SP_HERE "sp_file_commit")
int sp_file_commit_from(sp_file *file, const char *where);

/* Frees it; no task may be writing it. Of a file that was not committed nothing stays. A loop that
 * is closed frees those that are left. NULL is let be. */
void sp_file_free(sp_file *file);

/* ---------------------------------------------------------------------------------------------
 * Terminals */

/* How many columns the terminal has that `fd` (1: stdout, 2: stderr) writes to, now; 0 when it is
 * none, or does not know. In a page: the module's `columns` option, else 0. From any thread; on the
 * web that one waits for the main thread to answer. */
int sp_terminal_columns(int fd);

/* ---------------------------------------------------------------------------------------------
 * HTTP
 *
 * Natively libcurl speaks it, under Node node:http, elsewhere on the web the engine's own fetch.
 * Redirects are followed, with a limit. HTTP/2 is used where the server has it over TLS (not under
 * Node), whose certificates are verified (natively the environment's SSL_CERT_FILE names the
 * authorities). Natively the environment's http_proxy, https_proxy and no_proxy are heeded.
 *
 * Compressed answers (gzip and deflate; in browsers what they have besides) are asked for and
 * unpacked, up to five codings of one body; where one is not known the body is passed on as it came.
 * The headers stay as the server sent them, so that content-length and content-encoding tell of what
 * came, not of the body. A compressed body that ends early is SP_ETRUNCATED, a damaged one
 * SP_EPROTOCOL. Browsers keep from scripts that it ended early, and some damage: there what could be
 * unpacked counts as the body.
 *
 * The headers of an answer may take 64 KiB, and so may trailers, which nobody is shown; more are
 * SP_ETOOLARGE. In browsers that counts what they show to scripts, and they have a limit of their own
 * that is SP_ENETWORK. */

/* Connections that are kept open between requests, and their limits. Requests without a session
 * share one of their loop's. asyncio has none; aiohttp: ClientSession. */
typedef struct sp_session sp_session;

/* Zero-initialised, all defaults. */
typedef struct sp_session_options {
  int max_connections; /* at once; more requests wait for their turn. 0: no limit of ours */
  int max_connections_per_host; /* the same for one host and port. 0: no limit of ours; browsers
                                   have one of about six with HTTP/1 */
  bool cookies; /* keep the cookies that servers set, and send them back: natively in a jar of the
                   session's own, in a browser in the browser's, with what that demands of servers
                   of another origin. Not under Node, where it is SP_ENOTSUP */
} sp_session_options;

/* A session of the running loop, to be freed with sp_session_free before its loop is closed, which
 * would free it. `options` is read during the call, may be NULL. NULL: SP_ENOMEM, SP_EINVAL (a
 * negative number), SP_ENOTSUP, SP_ENOTASK where no loop runs (sp_error_message says which). */
sp_session *sp_session_new(const sp_session_options *options);

/* Closes its connections, once the last of its requests has ended; no more may begin. NULL is let
 * be. aiohttp: session.close. */
void sp_session_free(sp_session *session);

/* Gives the next piece of a body that is sent: 0 to `size` bytes to `buffer`. Returns how many; 0
 * at the end; < 0 fails the request with that error and its message. Called in the task that sends,
 * and may suspend; the request's timeout interrupts it. While it is suspended nobody looks at the
 * exchange: what the server answers early, be it an error, is known only when it returns, and it
 * must not wait for what a reader of the same response produces. After SP_ECANCELED it may be
 * called again. */
typedef int sp_body_reader(void *arg, void *buffer, size_t size);

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
  const sp_header *headers; /* header_count of them, sent byte by byte as they are; control
                               characters other than a tab are SP_EINVAL. One that browsers do not
                               let a page set (Host, Cookie, ...) is SP_ENOTSUP there */
  size_t header_count;
  const void *body; /* body_size bytes; NULL: none. GET and HEAD take none */
  size_t body_size;
  sp_body_reader *read_body; /* in place of body: called until it gives 0, or the server answers
                                with an error or a redirect. body_size, unless it is 0, is how many
                                bytes come (others are SP_EINVAL); else the server is not told, and
                                they come in chunks. They cannot be sent twice: a redirect other
                                than 303 is SP_EREDIRECT. A browser has them gathered before the
                                request begins, and follows it */
  void *read_body_arg;
  size_t max_body_size; /* a longer answer is SP_ETOOLARGE, counted after decompression; 0: none */
  sp_session *session;  /* NULL: the loop's own */
  sp_redirect redirect;
  int max_redirects; /* 0: 20. Browsers have their own limit of 20 */
  double timeout;    /* seconds for the whole exchange; 0 and INFINITY: none */
} sp_fetch_options;

typedef struct sp_response {
  int status;         /* 200, 404, ... */
  char *url;          /* where the answer came from, after redirects */
  sp_header *headers; /* header_count of them, names in lower case, in no particular order. In a
                         browser only those that CORS shows to scripts */
  size_t header_count;
  void *body; /* body_size bytes, followed by one NUL that is not counted; NULL while it is read in
                 pieces */
  size_t body_size;
  struct sp__fetch *stream; /* from sp_fetch_open */
} sp_response;

/* Sends a request and reads the whole answer. Any number may run at once; of a page 512 do, and more
 * wait for their turn, since browsers fail what is too much for them. `url` begins with http:// or
 * https:// and is UTF-8; in a page it may be relative to the page. What the URL standard has encoded is:
 * spaces and letters in a path or a query, and hosts of any script (IDNA). A name and a password in it
 * (http://name:password@host/) become an Authorization: Basic header, unless the caller gives one,
 * and stand in no message and no response. No cookies but a session's, no cache. A redirect to another
 * origin is not sent Authorization, Proxy-Authorization, Cookie and Host.
 * Returns the HTTP status (404 is a status, not an error) and fills `response`, which the caller
 * then frees with sp_response_free; on an error `response` is all zero and needs no freeing.
 * `options` may be NULL. Cancelling the task aborts the transfer and closes its connection.
 * A connection that was kept from an earlier request may end while a request is on its way. A GET,
 * HEAD, OPTIONS, PUT or DELETE is then sent once more, as RFC 9110 (9.2.2) allows for idempotent
 * methods; any other is SP_ECONNRESET, since the server may have received it, and so is a body that
 * came in pieces. Browsers repeat those, too.
 * Suspends. Errors, each with a message that names method and URL: SP_ECONNREFUSED, SP_EDNS,
 * SP_ECONNRESET (the connection ended before the head of a response was complete), SP_ETLS,
 * SP_ETIMEDOUT, SP_ETRUNCATED (a body that ends early), SP_EREDIRECT, SP_EPROTOCOL (a response that
 * breaks HTTP's rules), SP_EIO (too many open files), SP_ENETWORK (any other network fault; in a browser
 * also those before the answer begins, which it does not tell apart), SP_ETOOLARGE, those of
 * read_body, SP_EINVAL (bad URL, method or header; control characters in a URL; CONNECT, TRACE; a
 * body with GET or HEAD, or two; a negative number among the options, a NaN; a session of another
 * loop), SP_ECANCELED, SP_ENOTASK, SP_ENOMEM; in a page SP_ECORS (the server can be reached, but does
 * not admit the page's origin: asked for once more, by a HEAD request, to tell that), and SP_ENOTSUP
 * (a header that a page may not set; http from a page that came by https). aiohttp: session.request and response.read. */
#define sp_fetch(...) sp_fetch_from(__VA_ARGS__, SP_HERE "sp_fetch")
int sp_fetch_from(const char *url, const sp_fetch_options *options, sp_response *response,
                  const char *where);

/* sp_fetch that returns as soon as the head of the answer is there, with `response` but for its
 * body, which sp_response_read then gives piece by piece. The transfer goes on meanwhile, but no
 * further than a buffer's length (64 KiB) ahead: a slow reader stops it. (A browser reads ahead by
 * itself.) `timeout` and `max_body_size` are for the whole exchange. `body` and `read_body_arg`
 * stay borrowed until sp_response_free: what the server has not waited for is sent while the answer
 * is read. sp_response_free must be called before the task ends. Natively it is HTTP/1.1, so that
 * an answer that is kept waiting keeps no other waiting. Errors as sp_fetch. Suspends.
 * aiohttp: async with session.get. */
#define sp_fetch_open(...) sp_fetch_open_from(__VA_ARGS__, SP_HERE "sp_fetch_open")
int sp_fetch_open_from(const char *url, const sp_fetch_options *options, sp_response *response,
                       const char *where);

/* Waits for the next piece of the body: 1 to `size` bytes (at most INT_MAX) in `buffer`; returns
 * how many, 0 at the end. Suspends, unless there is something to read. Errors as sp_fetch, once
 * what came before was read (of which a browser may drop some), and again at each further call;
 * SP_ECANCELED, after which the response can be read on; SP_EINVAL for a `size` of 0 or a response
 * of another loop; SP_EINVALIDSTATE for a response that was not opened so, or is being read.
 * aiohttp: response.content.read. */
#define sp_response_read(...) sp_response_read_from(__VA_ARGS__, SP_HERE "sp_response_read")
int sp_response_read_from(sp_response *response, void *buffer, size_t size, const char *where);

/* The value of a header, by its name in any case, or NULL. Lives as long as the response. */
const char *sp_response_header(const sp_response *response, const char *name);

/* Frees what sp_fetch or sp_fetch_open filled and zeroes it; a body not read to its end is given
 * up, with its connection. No task may be reading it. A zeroed response is let be. */
void sp_response_free(sp_response *response);

/* ---------------------------------------------------------------------------------------------
 * What the macros that copy an argument call. All private */

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
