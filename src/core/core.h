/* What the portable core's files share: the loop's ready queue, futures, tasks and operations.
 *
 * Order is asyncio's. Whatever happens goes through one FIFO queue of handles: a step of a task, a
 * callback, a completion from outside. Nothing calls a task but its own handle. */
#ifndef SP_CORE_H
#define SP_CORE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/list.h"
#include "host/host.h"
#include "spindle.h"
#include "switch/switch.h"

#define SP__OWNER(pointer, type, member) \
  ((type *)(void *)(((char *)(pointer)) - offsetof(type, member)))

/* --- ready.c: the queue --- */

/* Something the loop will call. It is embedded in what it belongs to, and stands in the queue at
 * most once, so a queue with a place for each handle that lives can never be full. */
typedef struct sp__handle {
  void (*run)(struct sp__handle *self);
} sp__handle;

typedef struct sp__ready {
  sp__handle **ring;
  uint32_t mask; /* room - 1; room is a power of two */
  uint32_t head; /* counts up for ever; the next to run is ring[head & mask] */
  uint32_t tail;
  uint32_t places; /* how many handles have a place reserved */
} sp__ready;

/* Reserves a place for one handle, to be given back when the handle is freed. 0 or SP_ENOMEM. */
int sp__ready_grow(sp__ready *ready);

static inline int sp__ready_reserve(sp__ready *ready)
{
  if (ready->places == ready->mask) {
    int error = sp__ready_grow(ready);
    if (error < 0) return error;
  }
  ready->places++;
  return 0;
}

static inline void sp__ready_release(sp__ready *ready) { ready->places--; }

static inline void sp__ready_push(sp__ready *ready, sp__handle *handle)
{
  ready->ring[ready->tail++ & ready->mask] = handle;
}

static inline sp__handle *sp__ready_pop(sp__ready *ready)
{
  return ready->ring[ready->head++ & ready->mask];
}

static inline uint32_t sp__ready_count(const sp__ready *ready) { return ready->tail - ready->head; }

/* --- text.c --- */

typedef struct sp__text {
  char *to;
  size_t room;
  size_t length; /* of the whole text, also where it has no room */
} sp__text;

/* An empty text in `room` bytes, its end included; with none, only its length is counted. */
sp__text sp__text_into(char *to, size_t room);

#define sp__text_add(text, ...) sp__text_add_all((text), (const char *const[]){__VA_ARGS__, NULL})
void sp__text_add_all(sp__text *text, const char *const *pieces);
void sp__text_add_number(sp__text *text, uint64_t number);

/* --- error.c: messages --- */

/* What goes with an error: its message and, for SP_EGROUP, the errors in it. It never changes, and
 * is shared by the futures and tasks that the error passes through. */
typedef struct sp__detail {
  uint32_t shares;
  sp_error_group group;      /* count is 0 where there is none */
  struct sp__detail **parts; /* those of the errors in the group */
  struct sp__detail *next_to_free;
  char text[];
} sp__detail;

/* One with a copy of `text`. NULL for NULL, and when out of memory: a message is worth no second
 * failure. */
sp__detail *sp__detail_new(const char *text);

/* One for a group of errors; shares their details. NULL when out of memory. */
sp__detail *sp__detail_of_group(const char *text, size_t count, const int *codes,
                                sp__detail *const *details);

void sp__detail_free(sp__detail *detail);

/* NULL is no detail, and is let be. */
static inline sp__detail *sp__detail_share(sp__detail *detail)
{
  if (detail) detail->shares++;
  return detail;
}

static inline void sp__detail_drop(sp__detail *detail)
{
  if (detail && --detail->shares == 0) sp__detail_free(detail);
}

/* The error that a call last returned: one a task. Outside tasks a thread has a code and a text. */
typedef struct sp__message {
  int code;
  sp__detail *detail; /* NULL: the code's own text will do */
} sp__message;

/* Sets the current message to a copy of `text` (NULL: none) and returns code. */
int sp__fail(int code, const char *text);

/* The same with a detail, which is shared. */
int sp__fail_with(int code, sp__detail *detail);

/* The running task's detail of `code`, if that was its last error; borrowed, perhaps NULL. */
sp__detail *sp__detail_of(int code);

/* The code of that name ("SP_EDNS"), for a host that has no header; SP_EINVAL if there is none. */
int sp__error_code(const char *name);

/* SP_ENOMEM: "no memory for WHAT with a stack of SIZE bytes". */
int sp__fail_no_stack(const char *what, size_t size);

/* Copies `text` into a new string; NULL stays NULL. Out of memory gives NULL too: a message is
 * worth no second failure. */
char *sp__message_copy(const char *text);

/* The code of this task's or thread's last error. */
int sp__last_code(void);

/* A copy of the message that goes with `code`, if that was this task's or thread's last error. */
char *sp__message_of(int code);

/* --- local.c: task-locals --- */

/* What a task or a callback has set or inherited; NULL: nothing. */
typedef struct sp__binding sp__binding;

/* A share of what the running task, callback or function in a thread has, for what it makes. */
sp__binding *sp__locals_inherit(void);

/* NULL is nothing, and is let be. From any thread. */
sp__binding *sp__locals_share(sp__binding *bindings);
void sp__locals_let_go(sp__binding *bindings);

static inline void sp__locals_drop(sp__binding *bindings)
{
  if (bindings) sp__locals_let_go(bindings);
}

/* What a function sees that runs in this thread, outside any loop. They stay the caller's. */
void sp__locals_lend(sp__binding *bindings);

/* --- call.c and timer.c: calls the loop makes for a program --- */

typedef struct sp__call {
  sp__handle handle;
  sp_loop *loop;
  sp_callback *fn;
  void *arg;
  sp__binding *locals;
  double when; /* NaN: as soon as can be */
  struct sp__call *next_free;
  uint32_t generation; /* told apart from the call that had this memory before */
  bool in_heap;
  bool cancelled;
  bool sent;  /* by another thread: it is the inbox's */
  bool slept; /* it wakes a task, which frees it then */
} sp__call;

typedef struct sp__calls {
  struct sp__call_block *blocks;
  sp__call *free;
} sp__calls;

/* What its handle runs. */
void sp__call_run(sp__handle *handle);

/* Writes what is to be called into memory that is free. */
void sp__call_fill(sp__call *call, sp_loop *loop, sp_callback *fn, void *arg);

/* Calls of spindle's own: they have no task-locals. `call` is NULL, with the message set, when
 * there is no memory, the loop is closed or the time is a NaN. */
sp_handle sp__call_soon(sp_loop *loop, sp_callback *fn, void *arg);
sp_handle sp__call_at(sp_loop *loop, double when, sp_callback *fn, void *arg);

void sp__call_cancel(sp__call *call);
void sp__call_free(sp__call *call);
void sp__calls_free_all(sp__calls *calls);

typedef struct sp__timer {
  double when;
  sp__call *call;
} sp__timer;

typedef struct sp__timers {
  sp__timer *heap;
  size_t count;
  size_t room;
  size_t cancelled; /* how many in the heap were cancelled, and stay till they come up; those that
                       were due when they came up are counted on, as by asyncio */
} sp__timers;

int sp__timers_push(sp__timers *timers, double when, sp__call *call);
sp__call *sp__timers_pop(sp__timers *timers);

/* Frees the cancelled calls at the heap's top, or all of them when they are many. */
void sp__timers_drop_cancelled(sp__timers *timers);

/* --- kept.c: memory of waits --- */

/* The beginning of what a task has on the heap while it waits. A loop that is closed meanwhile
 * frees it: the task never will. */
typedef struct sp__kept {
  struct sp__kept *previous, *next;
  void (*drop)(struct sp__kept *self); /* what it has, before it is freed with the loop */
} sp__kept;

/* `size` bytes, zeroed, that begin with an sp__kept; or NULL with the message set. */
void *sp__kept_new(sp_loop *loop, size_t size, void (*drop)(sp__kept *self));
void sp__kept_free(sp_loop *loop, sp__kept *kept);
void sp__kept_free_all(sp_loop *loop);

/* --- future.c --- */

/* Somebody to be told when a future is done. Its handle goes into the ready queue then. */
typedef struct sp__waiter {
  sp__handle handle;
  struct sp__waiter *next;
} sp__waiter;

enum sp__state { SP__PENDING, SP__CANCELLED, SP__FINISHED };

/* What cancelling a future does: ends it, asks the task to stop, or cancels what is gathered. One
 * that is listed is as a plain one; it stands in the list of a lock or the like (sync.h). */
enum sp__kind { SP__PLAIN, SP__TASK, SP__GATHERING, SP__LISTED };

struct sp_future {
  sp_loop *loop;
  sp__waiter *first;
  sp__waiter *last;
  sp__detail *detail;  /* of its error or its cancellation; NULL: none */
  const char *created; /* "file.c:12"; NULL for a future inside of spindle */
  int result;          /* when finished: >= 0 the result, < 0 the error */
  uint32_t uses;       /* how many await it or are to be told of its end: it stays till then */
  uint8_t state;
  uint8_t kind;
  bool retrieved; /* its error was taken by somebody */
  bool dropped;   /* the program freed it; not for tasks */
  bool seen;      /* by a loop over futures of which one may stand there twice */
};

/* A call, and what a task waits for that sleeps until then: beside each other, so that to wake the task
 * its stack need not be fetched. Each call of a loop has that room. */
typedef struct sp__alarm {
  sp__call call;
  sp_future woken;
} sp__alarm;

static inline void sp__future_open(sp_future *future, sp_loop *loop)
{
  *future = (sp_future){.loop = loop};
}

/* What it has goes: its detail, and callbacks that were not called. */
void sp__future_empty(sp_future *future);

static inline void sp__future_close(sp_future *future)
{
  if (future->detail || future->first) sp__future_empty(future);
}

static inline void sp__future_add_waiter(sp_future *future, sp__waiter *waiter)
{
  waiter->next = NULL;
  if (future->last) {
    future->last->next = waiter;
  } else {
    future->first = waiter;
  }
  future->last = waiter;
}

void sp__future_remove_waiter(sp_future *future, sp__waiter *waiter);

/* The loop closes: whoever waits never goes on, and the future may outlive them. Only callbacks
 * stay, for whoever frees it. */
void sp__future_forget_waiters(sp_future *future);

/* Makes everybody who waits ready, in the order in which they came. */
static inline void sp__future_settle(sp_future *future);

/* The two ways in which a future ends; it must be pending. `detail` is shared, may be NULL. */
static inline void sp__future_finish(sp_future *future, int result, sp__detail *detail);
void sp__future_finish_cancelled(sp_future *future, sp__detail *detail);

/* Cancels a future of any kind (cancel.c). False if it was done, or nothing of it could be
 * cancelled. */
bool sp__future_cancel(sp_future *future, sp__detail *detail);

/* The error or cancellation of a future that is done, with the current message set. */
int sp__future_take_error(sp_future *future);

/* The result of a future that is done, or its error with the current message set. */
static inline int sp__future_take(sp_future *future)
{
  if (future->state != SP__FINISHED || future->result < 0) return sp__future_take_error(future);
  future->retrieved = true;
  return future->result;
}

/* What goes with the cancellation of a future that is done, as CPython would raise it; a share. */
sp__detail *sp__future_take_cancellation(sp_future *future);

/* Whether it ended with an error, other than by being cancelled. */
static inline bool sp__future_failed(const sp_future *future)
{
  return future->state == SP__FINISHED && future->result < 0;
}

/* Keeps a future, of any owner, where it is until it is let go. */
static inline void sp__future_hold(sp_future *future) { future->uses++; }
void sp__future_let_go(sp_future *future);

/* A wait for it is over that gives its handle back: a task has one less, if it has one. */
void sp__future_release_handle(sp_future *future);

/* The same for a wait that could not begin. */
void sp__future_give_back(sp_future *future);

/* 0, or SP_EINVAL with the message set: one is NULL or belongs to another loop. */
int sp__futures_check(sp_loop *loop, sp_future *const *futures, size_t count);

/* --- watch.c: one who is told of the end of many futures --- */

/* What asyncio's done-callback is there: it is told in the same place of the same iteration. */
typedef struct sp__watch {
  sp__waiter waiter;
  struct sp__watches *all;
  sp_future *future; /* held; NULL: let go */
  uint32_t place;    /* for the owner */
  bool again;        /* the future stands there twice: this watch does nothing */
  bool waits;        /* it stands at the future or in the ready queue */
} sp__watch;

/* Several in one block of memory, which begins with this and stays until the last that waits has
 * been told: a handle in the ready queue cannot be taken back. */
typedef struct sp__watches {
  sp__kept kept;
  sp_loop *loop;
  void (*tell)(sp__watch *watch); /* the future is done */
  sp_future outer;                /* for the owner to wait for */
  sp__watch *each;
  size_t count;
  size_t different; /* how many are not `again` */
  size_t waiting;
  bool closed;
} sp__watches;

/* A block of `size` bytes, zeroed but for the sp__watches of these futures with which it begins.
 * None waits yet. NULL with the message set when out of memory. */
void *sp__watches_new(sp_loop *loop, size_t size, void (*tell)(sp__watch *watch),
                      sp_future *const *futures, size_t count);

/* Waits for the end of its future; one that is done already is told of in the next iteration. */
void sp__watch_begin(sp__watch *watch);
void sp__watches_begin(sp__watches *watches);

/* Waits no longer, unless it stands in the ready queue. */
void sp__watch_end(sp__watch *watch);
void sp__watch_let_go(sp__watch *watch);

/* The owner is through: ends each watch, lets each future go. A late one is still told of. */
void sp__watches_close(sp__watches *watches);

/* --- task.c --- */

/* What a task waits for, while that is not just the future that wakes it. The futures are there as
 * long as the record; one may be done. */
typedef struct sp__awaits {
  sp_future *const *futures; /* count of them */
  size_t count;
  const struct sp__awaits *shared; /* NULL, or whose futures they are: many wait for the same */
  const struct sp__awaits *outer;
} sp__awaits;

static inline sp__awaits sp__awaits_read(const sp__awaits *awaits)
{
  const sp__awaits *list = awaits->shared ? awaits->shared : awaits;
  return (sp__awaits){.futures = list->futures, .count = list->count, .outer = awaits->outer};
}

/* What each step touches comes first, in two lines of the cache natively. */
typedef struct sp__task {
  sp__coroutine coroutine; /* first: its memory is the top of its stack */
  sp__coroutine *active;   /* where it runs or is suspended: that one, or a generator's */
  sp__waiter waiter;       /* its step: made ready by what it waits for */
  sp_future *waiting_on;
  const char *where;  /* of its last suspension, or of its creation; an SP_HERE */
  double since;       /* the loop's clock at that moment */
  bool must_cancel;   /* the next suspension returns SP_ECANCELED */
  bool hops;          /* it left its coroutine only to be resumed at once, elsewhere */
  bool ends_with_run; /* it was there when the run was shut down */
  bool is_loops_own;  /* nobody is told when it never ends */
  bool awaited;       /* graph.c: somebody waits for it */
  bool told;          /* graph.c: it stands in the text already */
  bool asked;         /* cancel.c: a request to stop has passed it */
  sp_future future;
  const sp__awaits *awaits; /* what `waiting_on` stands for, innermost first; NULL: for itself */
  struct sp__task *eager;   /* a task to begin before it goes on */
  const char *fn_name;
  char *name;
  sp__binding *locals;
  sp__detail *cancel_detail; /* of the last request to cancel */
  sp__message message;
  struct sp__task *previous, *next; /* all tasks of the loop */
  uint64_t number;  /* N of "Task-N"; 0 for a task that was given a name, which is not counted */
  uint64_t id;      /* no other task of this thread ever has it */
  uint32_t place;   /* in a list that a host is making, from 1; else 0 */
  uint32_t handles; /* how many the program holds */
  int cancels;
  uint32_t requests; /* cancel.c: to be passed on ... */
  uint32_t askers;   /* ... when so many tasks that await it have passed on theirs */
} sp__task;

static inline sp__task *sp__task_of(const sp_future *future)
{
  return SP__OWNER(future, sp__task, future);
}

/* Several may wait for a task of which the program has one handle. */
static inline void sp__task_release_handle(sp__task *task)
{
  if (task->handles > 0) task->handles--;
}

/* How large a stack is asked for, the copy of an argument included. */
size_t sp__stack_size(const sp_task_options *options);

/* A coroutine as the options (may be NULL) want it, with the `arg` or the copy of it that its function
 * is to be given. NULL: out of memory. */
void *sp__coroutine_for(sp_loop *loop, size_t owner_size, void *arg,
                        const sp_task_options *options);

/* Ends a task that is done and that nobody needs any more. */
void sp__task_end_if_unused(sp__task *task);

/* Reports what was never retrieved and frees the task, which must be done or the loop closed. */
void sp__task_end(sp__task *task);

/* What a task's handle runs: the task, until it suspends or ends. Named by the web build, which has
 * to know the functions between the loop and a coroutine. The first step is another, since a task
 * may be cancelled before it begins. */
void sp__task_step(sp__handle *handle);
void sp__task_first_step(sp__handle *handle);

static inline bool sp__task_has_begun(const sp__task *task)
{
  return task->waiter.handle.run == sp__task_step;
}

static inline bool sp__handle_is_step(const sp__handle *handle)
{
  return handle->run == sp__task_step || handle->run == sp__task_first_step;
}

/* The task left its coroutine otherwise than to wait: it has ended, or goes on elsewhere at once.
 * `creator` is that of a task that begins eagerly, or NULL. */
void sp__task_came_back(sp__task *task, sp__task *creator);

/* The running task if it can be suspended here, or NULL with the message set (SP_ENOTASK). */
sp__task *sp__task_suspendable(void);

/* Suspends the task until the future is done. Returns its result, or SP_ECANCELED when the task was
 * asked to stop meanwhile. suspend.h has the same to be inlined. */
int sp__task_wait(sp__task *task, sp_future *future, const char *where);

/* The same for a future that stands for those of `awaits`. */
int sp__task_wait_for(sp__task *task, sp__awaits *awaits, sp_future *future, const char *where);

static inline void sp__task_push_awaits(sp__task *task, sp__awaits *awaits)
{
  awaits->outer = task->awaits;
  task->awaits = awaits;
}

static inline void sp__task_pop_awaits(sp__task *task) { task->awaits = task->awaits->outer; }

/* Goes on in another coroutine of the same task, at once: the loop only lends its stack. Returns
 * when something hops back to the one that called. */
void sp__task_hop(sp__task *task, sp__coroutine *to);

/* --- cancel.c --- */

/* Cancels a future unless it is, or leads to, a gathering, which is returned: its children come
 * first. NULL: *cancelled tells. *asker is the last task of the awaits that led there, or NULL. */
sp_future *sp__cancel_begin(sp_future *future, sp__detail *detail, sp__task **asker,
                            bool *cancelled);

/* A task that waits for nothing that could be cancelled is told by its next suspension. Whether
 * anything was cancelled, then. */
bool sp__cancel_asker(bool cancelled, sp__task *asker, sp__detail *detail);

/* Asks every task of the loop to stop, in the order of their creation. `chained`: some await tasks that
 * await others. */
void sp__tasks_cancel_all(sp_loop *loop, bool chained);

/* The task's next suspension returns SP_ECANCELED. */
void sp__task_cancel_later(sp__task *task, sp__detail *detail);

/* Tells the exception handler of something that nobody else was told. */
void sp__report(sp_loop *loop, const char *message, sp_future *future);

/* --- repr.c --- */

/* The task's name, cut to `size` bytes with its NUL. */
void sp__task_write_name(const sp__task *task, char *text, size_t size);

/* "file.c:12" without the folders. */
const char *sp__file_name(const char *where);

/* The call that an SP_HERE names, or "". */
const char *sp__call_name(const char *where);

/* --- inspect.c --- */

enum sp__doing { SP__NEW, SP__READY, SP__RUNNING, SP__WAITING, SP__DONE };
enum sp__doing sp__task_doing(const sp__task *task);

/* Goes through the tasks that are not done and that a task waits for, in the order in which it
 * names them; one may come twice. */
typedef struct sp__awaited {
  sp__awaits awaits;
  size_t index;
} sp__awaited;

sp__awaited sp__awaited_begin(const sp__task *task);
sp__task *sp__awaited_next(sp__awaited *from);

/* --- op.c: what the host does for a task --- */

/* One operation outside. The host completes it; the task that started it waits for it. */
typedef struct sp__op {
  sp__kept kept;
  sp__handle handle;
  sp_future future;
  sp_loop *loop;
  int result;
  bool told;       /* its handle stands in the ready queue */
  bool outside;    /* it counts as one that goes on outside */
  bool completing; /* the host is through with it */
  bool completed;  /* and that has come through the ready queue */
  bool abandoned;  /* the task is through with it */
} sp__op;

/* `size` bytes, zeroed, that begin with an sp__op; or NULL with the message set. `drop` is called
 * before they are freed: when both sides are through with it, or with the loop. */
void *sp__op_new(sp_loop *loop, size_t size, void (*drop)(sp__kept *self));

/* Suspends the task until the op is complete. Returns its result, or SP_ECANCELED while the host
 * still has it. */
int sp__op_wait(sp__op *op, sp__task *task, const char *where);

/* The same, but does not come back before the host is through: for an op whose memory is borrowed.
 * Always its result; a request to stop is delivered by the next suspension. */
int sp__op_wait_through(sp__op *op, sp__task *task, const char *where);

/* Suspends the task until the host has news of the op, or it is complete; for no reason, perhaps.
 * 0, or SP_ECANCELED, after which the task may wait again. */
int sp__op_wait_news(sp__op *op, sp__task *task, const char *where);

/* The host has news of an op that goes on. On the loop's thread. */
void sp__op_news(sp__op *op);

/* The host is through with it. On the loop's thread. */
void sp__op_complete(sp__op *op, int result);

/* The same when that was what has come through the ready queue. */
void sp__op_arrive(sp__op *op, int result);

/* The task is through with it: frees it now, or when the host is through. */
void sp__op_abandon(sp__op *op);

/* The host forgot it without completing it (an abort): only the task has it now. */
void sp__op_forgotten(sp__op *op);

/* --- inbox.c: what other threads send --- */

/* Its handle's turn comes on the loop's thread, in the order of sending. */
typedef struct sp__letter {
  sp__handle handle;
  struct sp__letter *next;
} sp__letter;

/* It outlives the loop where a sp_remote_task does. */
typedef struct sp__inbox {
  sp__mutex *mutex;
  sp_loop *loop;
  atomic_bool waiting; /* there is a letter, and the loop has been woken */
  sp__letter *first, *last;
  struct sp__sent_block *blocks;
  struct sp__sent_call *free_calls;
  struct {
    sp_remote_task *first, *last;
  } remote_tasks;
  sp__signal *came; /* a letter, after the loop was closed */
  int holders;
  bool closed;
  sp__handle handle; /* the loop's thread's, as what follows */
  sp__letter *taken;
} sp__inbox;

/* Opens loop->inbox. 0 or SP_ENOMEM. */
int sp__inbox_open(sp_loop *loop);

/* Takes no more calls and ends every sp_remote_task. The loop must be closed. */
void sp__inbox_close(sp__inbox *inbox);

/* After that: blocks until a letter comes, and runs it. */
void sp__inbox_await(sp__inbox *inbox);

void sp__inbox_release(sp__inbox *inbox);

/* From any thread. The letter's memory must last until its handle runs. */
void sp__inbox_send(sp__inbox *inbox, sp__letter *letter);

/* The same where the mutex is held. */
void sp__inbox_put(sp__inbox *inbox, sp__letter *letter);

static inline bool sp__inbox_has_mail(sp__inbox *inbox)
{
  return atomic_load_explicit(&inbox->waiting, memory_order_acquire);
}

/* What was sent becomes ready. */
void sp__inbox_take(sp__inbox *inbox);

void sp__inbox_call_free(sp__call *call);

/* --- remote.c --- */

void sp__remote_tasks_close(sp__inbox *inbox);

/* --- executor.c: what threads do for a loop --- */

/* A job of a pool: `run` is called in one of its threads, then the handle of the letter on the thread
 * of the loop. Its memory must last until then. */
typedef struct sp__job {
  void (*run)(struct sp__job *self);
  sp__letter letter;
  sp__inbox *inbox;                /* that of the loop */
  struct sp__job *previous, *next; /* of those that no thread has begun */
  bool queued;
} sp__job;

/* The loop's own pool, made when it is needed first; NULL with the message set. */
sp_executor *sp__loop_executor(sp_loop *loop);

/* Has a thread of the pool do the job. 0, or SP_ENOMEM with the message set: it has no thread, and
 * none could be started. */
int sp__executor_start(sp_executor *executor, sp__job *job, sp_loop *loop);

/* Whether no thread has begun it; then none will, and nothing comes back. */
bool sp__executor_take_back(sp_executor *executor, sp__job *job);

/* A pool is freed when its last holder has released it. */
void sp__executor_hold(sp_executor *executor);
void sp__executor_release(sp_executor *executor);

/* --- thread.c: functions in threads --- */

typedef struct sp__work sp__work;
struct sp__work {
  sp__op op;
  int (*fn)(void *arg);
  void *arg;
  sp__binding *locals; /* what the function sees */
  int result;
  char *message; /* of an error; freed with it */
  sp__job job;
  sp_handle call;            /* where there are no threads */
  sp_executor *executor;     /* the pool that has it */
  sp__work *previous, *next; /* all of the loop */
};

/* When the loop is closed: takes back what has not begun, and waits for what has. */
void sp__works_close(sp_loop *loop);

/* --- loop.c --- */

struct sp_loop {
  sp__ready ready;
  sp__task *current;
  uint32_t end;      /* of the iteration: where `ready` stood when it began */
  uint32_t steps;    /* how many more may follow each other before the clock is read */
  uint64_t switches; /* resumes of tasks */
  bool direct;       /* a task may go straight to another */
  bool crowded;      /* too much is ready for the processor's caches */
  sp__stacks *stacks;
  double trim_at; /* when stacks are next looked at, on the host's clock */
  bool trimming;  /* there is more to give back */
  sp__timers timers;
  sp__calls calls;
  sp__host *host;
  double clock;       /* the last time read; the time itself, when virtual */
  bool virtual_clock; /* tests: time goes by only when nothing is ready */
  bool shuffled;      /* tests: what is ready runs in an order drawn from `order` */
  uint64_t order;
  uint32_t outside; /* operations that the host has not completed */
  bool turning;     /* a turn runs, or the loop is closed: the host need not be told of what becomes
                       ready */
  bool running;     /* the host runs it */
  bool began;       /* an iteration has begun in this run */
  bool stopping;    /* the run ends with the current iteration */
  bool deadlocked;  /* the run ended because nothing could come any more */
  bool closed;      /* what is ready is freed, not called */
  bool debug;
  double slow_callback; /* seconds after which debug mode complains of a callback */
  struct {
    sp__task *first, *last;
  } tasks;
  struct {
    sp_generator *first, *last;
    sp_coroutine *close; /* closes those that stand at a yield; set by the first one, so that
                          * a program without generators does not carry it */
  } generators;
  sp__binding *locals;      /* of the running callback */
  sp__binding *main_locals; /* of the last main task, for the next */
  struct {
    sp__kept *first, *last;
  } kept;
  uint64_t task_count; /* of those without a name */
  size_t pending;      /* tasks that are not done */
  uint64_t iterations; /* those in which something ran */
  double busy;         /* seconds in turns, up to the last one */
  double turn_began;
  sp__task *main_task; /* of sp_loop_run: Ctrl-C cancels it */
  int interrupts;
  sp__waiter stopper; /* ends a run when a future is done */
  size_t remaining;   /* tasks that a shutdown waits for */
  sp__handle last_done;
  sp_future all_done;
  sp__inbox *inbox;
  struct {
    sp__work *first, *last;
  } works;        /* those that threads have */
  sp_future idle; /* for whoever waits till there is none */
  struct {
    sp_executor *executor;                /* NULL: none was needed yet */
    void (*close)(sp_executor *executor); /* so that a program without does not carry it */
  } threads;
  void (*forget_watched)(sp_loop *loop); /* at its close; set by the first watches (watch.c) */
  bool (*cancel_gathering)(sp_future *gathering, sp__task *asker,
                           sp__detail *detail); /* set by the first one (gather.c) */
  sp_task_factory *factory;
  void *factory_arg;
  bool in_factory;
  sp_exception_handler *handler;
  void *handler_arg;
};

extern _Thread_local sp_loop *sp__loop_current;

/* The task that runs in this thread, or NULL. */
static inline sp__task *sp__task_running(void)
{
  return sp__loop_current ? sp__loop_current->current : NULL;
}

/* Whether this thread runs the loop. From any thread. */
static inline bool sp__loop_runs_here(const sp_loop *loop) { return sp__loop_current == loop; }

/* The handle will run in the next iteration, after what is ready already. */
static inline void sp__loop_ready(sp_loop *loop, sp__handle *handle)
{
  sp__ready_push(&loop->ready, handle);
  if (!loop->turning) sp__host_wake(loop->host);
}

/* A waiter that is the only one is not even looked at. */
static inline void sp__future_settle(sp_future *future)
{
  sp__waiter *waiter = future->first, *last = future->last;
  future->first = future->last = NULL;
  while (waiter && waiter != last) {
    sp__waiter *next = waiter->next;
    sp__loop_ready(future->loop, &waiter->handle);
    waiter = next;
  }
  if (last) sp__loop_ready(future->loop, &last->handle);
}

static inline void sp__future_finish(sp_future *future, int result, sp__detail *detail)
{
  future->state = SP__FINISHED;
  future->result = result;
  future->detail = sp__detail_share(detail);
  sp__future_settle(future);
}

/* Runs what is due. Returns when it wants to be called again, in seconds from now: 0 at once,
 * infinity when only a completion can bring work. Never blocks. */
double sp__loop_turn(sp_loop *loop);

/* 0, or SP_ECLOSED with the message set. */
static inline int sp__loop_closed(const sp_loop *loop)
{
  return loop->closed ? sp__fail(SP_ECLOSED, "Event loop is closed") : 0;
}

/* Whether nothing but what is ready can make an iteration. */
static inline bool sp__loop_is_plain(const sp_loop *loop)
{
  return loop->timers.count == 0 && !sp__inbox_has_mail(loop->inbox) && !loop->shuffled &&
         !loop->stopping;
}

static inline bool sp__loop_begin_plain_iteration(sp_loop *loop)
{
  loop->began = true;
  loop->end = loop->ready.tail;
  bool any = loop->end != loop->ready.head;
  if (any) loop->iterations++;
  return any;
}

/* The same where there is more to look at. */
bool sp__loop_begin_other_iteration(sp_loop *loop);

/* For a task that suspends when all of an iteration has run. False: the loop's stack is wanted. */
static inline bool sp__loop_begin_iteration(sp_loop *loop)
{
  return sp__loop_is_plain(loop) ? sp__loop_begin_plain_iteration(loop)
                                 : sp__loop_begin_other_iteration(loop);
}

/* Keeps tasks that suspend from going on with others: the loop waits for this one. */
static inline uint32_t sp__loop_hold(sp_loop *loop)
{
  uint32_t steps = loop->steps;
  loop->steps = 0;
  return steps;
}

static inline void sp__loop_release(sp_loop *loop, uint32_t steps) { loop->steps = steps; }

/* prefetch.c: where many are ready. */
void sp__loop_prefetch(const sp__ready *ready);

static inline void sp__task_enter(sp_loop *loop, sp__task *task)
{
  task->waiting_on = NULL;
  loop->switches++;
  loop->current = task;
}

/* A step: the task runs until it suspends or ends. Inlined where it is made, as is the switch. */
SP__INLINE void sp__task_go_on(sp_loop *loop, sp__task *task, sp__task *creator)
{
  sp__task_enter(loop, task);
  sp__coroutine_resume(task->active);
  task = loop->current; /* or one that it led to; NULL: that one's end has been seen to */
  loop->current = creator;
  if (task && (task->hops || task->coroutine.finished)) sp__task_came_back(task, creator);
}

/* The loop that this thread runs, or NULL with the message set, for SP_ENOTASK. */
static inline sp_loop *sp__loop_here(void)
{
  sp_loop *loop = sp__loop_current;
  if (!loop) sp__fail(SP_ENOTASK, "no running event loop");
  return loop;
}

/* A task that a shutdown waits for is done. */
void sp__loop_task_ended(sp_loop *loop);

/* A callback begins with these, which are given away, or is over: NULL. Drops what was there. */
void sp__locals_enter(sp_loop *loop, sp__binding *bindings);

/* Debug mode's way to run a handle: complains when it was slow. */
void sp__run_watched(sp_loop *loop, sp__handle *handle);

/* Ctrl-C came. Cancels the main task, or stops a loop that has none. False when that was done
 * before: the program is to end. */
bool sp__loop_interrupt(sp_loop *loop);

/* --- generator.c --- */

/* At the loop's end: frees those that are left, as they are. */
void sp__generators_free_all(sp_loop *loop);

/* A producer, by its coroutine: its function, and where its task asked. */
const char *sp__producer_name(const sp__coroutine *coroutine);
const sp__coroutine *sp__producer_asker(const sp__coroutine *coroutine);

/* --- session.c --- */

struct sp_session {
  sp__kept kept;
  sp_loop *loop;
  sp_session_options options;
  uint32_t uses; /* requests of it that are under way */
  bool dropped;  /* the program freed it */
  void *host;
};

/* A request begins with it (NULL: with none). 0, or SP_EINVAL with the message set. */
int sp__session_enter(sp_session *session, sp_loop *loop);

/* That request is over. */
void sp__session_leave(sp_session *session);

/* --- buffer.c: bytes on their way --- */

typedef struct sp__buffer {
  char *bytes;
  size_t from, end; /* what is in it */
  size_t room;
} sp__buffer;

static inline size_t sp__buffer_size(const sp__buffer *buffer)
{
  return buffer->end - buffer->from;
}

/* Room for `size` bytes more, to be filled from there; NULL: out of memory. */
void *sp__buffer_room(sp__buffer *buffer, size_t size);

/* Takes the first bytes out of it, at most `size`; returns how many. */
size_t sp__buffer_take(sp__buffer *buffer, void *to, size_t size);

void sp__buffer_free(sp__buffer *buffer);

/* --- what the host needs to see of an operation --- */

/* A body that is sent in pieces: the host asks for one, the task gives it. */
typedef struct sp__upload {
  sp__buffer piece; /* what was given; the host takes it out */
  size_t given;     /* bytes in all */
  bool asked;       /* the host wants the next */
  bool ended;       /* there is none after this one */
} sp__upload;

struct sp__fetch {
  sp__op op;
  const char *url; /* the request, without a name and a password; borrowed until the call that
                      began it returns, or own_url */
  const char *method;
  sp_fetch_options options;
  sp_response response; /* the answer so far */
  struct sp__headers *headers;
  size_t body_room;
  size_t received;  /* bytes of the body, in all */
  bool in_pieces;   /* the body is not gathered, but read piece by piece */
  bool answered;    /* the head that counts has come */
  bool reading;     /* a task waits for a piece */
  sp__buffer piece; /* what was not read yet */
  sp__upload upload;
  double deadline; /* on the loop's clock; INFINITY: none */
  sp_handle timer;
  char *asked;   /* "GET http://...", for errors that come after that call; freed with it */
  char *message; /* for an error; freed with it */
  char *own_url; /* made of one with a password, and freed with it; so are the headers */
  sp_header *own_headers;
  void *host;
};

/* How many bytes of headers an answer may have, and of trailers; more are SP_ETOOLARGE. */
enum { SP__HEAD_MAX = 65536 };

/* The message for it. */
int sp__fetch_refuse_head(sp__fetch *fetch);

/* Whether a request's header is for the origin that was asked, and for no other that it redirects
 * to. */
bool sp__is_for_origin(const char *name);

/* The host tells what arrives. A head begins the answer anew: the last one, after redirects,
 * counts. Names and values need not end in a NUL. 0, or SP_ENOMEM or SP_ETOOLARGE: then the host
 * ends the exchange. */
int sp__fetch_on_head(sp__fetch *fetch, int status, const char *url);
int sp__fetch_on_header(sp__fetch *fetch, const char *name, size_t name_size, const char *value,
                        size_t value_size);

/* The value of the last header goes on, as a folded one does. */
int sp__fetch_on_folded(sp__fetch *fetch, const char *text, size_t size);

/* That head is the one that counts, and has come whole. */
int sp__fetch_on_head_end(sp__fetch *fetch);

int sp__fetch_on_body(sp__fetch *fetch, const void *data, size_t size);

/* Whether so much more of the body can be taken now. If not, the host keeps it back, and the rest,
 * until sp__host_fetch_want. */
bool sp__fetch_has_room(const sp__fetch *fetch, size_t size);

/* The same in two steps, for a host that fills the memory itself: room for `size` bytes more, and
 * how many of them were filled. */
int sp__fetch_body_room(sp__fetch *fetch, size_t size, void **room);
void sp__fetch_body_filled(sp__fetch *fetch, size_t size);

/* The host wants the next piece of the body that is sent; sp__host_fetch_send says when it is
 * there. */
void sp__fetch_ask_piece(sp__fetch *fetch);

struct sp__file_write {
  sp__op op;
  const char *path; /* borrowed until the op is complete, as are the pieces */
  struct {
    const void *data;
    size_t size;
  } pieces[2];
  bool last;
  sp__draft *draft;
  char *message; /* freed with it */
};

struct sp__file_read {
  sp__op op;
  const char *path; /* borrowed until the op is complete or aborted */
  void *data;       /* freed with it, as is the message */
  size_t size;
  char *message;
  void *host;
};

#endif
