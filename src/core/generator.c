/* Generators: functions that yield values, one at a time, to the task that asks for them.
 *
 * A producer has a stack of its own, but no task: while it runs, the asking task runs on that
 * stack. Asking and yielding are handoffs from one coroutine of the task to another, and what
 * the producer waits for suspends the task there. The states are those of CPython's async
 * generators. */
#include "core/generator.h"
#include "core/error.h"
#include "core/future.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/report.h"
#include "core/repr.h"
#include "core/task.h"
#include "core/text.h"
#include "spindle.h"
#include "switch/switch.h"

struct sp_generator {
  sp__coroutine coroutine; /* first: its memory is the top of its stack */
  sp_loop *loop;
  sp_generator *previous, *next; /* all generators of the loop */
  sp_producer *fn;
  void *arg;
  const char *fn_name;
  const char *where;    /* "file.c:12" of its last yield, or of its creation */
  sp__task *task;       /* the asking task */
  sp__coroutine *asker; /* the coroutine that asked; NULL: the producer does not run */
  void *value;          /* the yielded value */
  sp__detail *detail;   /* of the thrown error */
  int thrown;           /* what the yield in which it is suspended will return; 0: nothing thrown */
  uint32_t refs;        /* the program, and each call at work on it */
  sp_task *closer;      /* closes it at the end of the run */
  bool begun;
  bool ended;
  bool closed;   /* closed; it may have continued all the same */
  bool released; /* a task of its own closes it */
};

/* Tasks and generators take their stacks from one pool, whose blocks are of one size. */
_Static_assert(sizeof(sp_generator) <= sizeof(sp__task),
               "a generator has a task's block to itself");

/* --- lifetime --- */

static int entry(void *generator)
{
  sp_generator *self = generator;
  int result = self->fn(self, self->arg);
  self->ended = true;
  self->task->active = self->asker;
  self->task->handoff = true;
  return result;
}

static int close_all(void *loop);

sp_generator *sp_generator_new_from(sp_producer *fn, void *arg, const sp_task_options *options,
                                    const char *fn_name, const char *where)
{
  sp_loop *loop = sp__loop_here();
  if (!loop) return NULL;
  sp_generator *self = sp__coroutine_for(loop, sizeof(sp__task), arg, options);
  if (!self) {
    sp__fail_no_stack("a generator", sp__stack_size(options));
    return NULL;
  }
  self->arg = self->coroutine.arg;
  self->coroutine.entry = entry;
  self->coroutine.arg = self;
  self->loop = loop;
  self->fn = fn;
  self->fn_name = fn_name;
  self->where = where;
  self->refs = 1;
  SP__LIST_APPEND(&loop->generators, self);
  loop->generators.close = close_all;
  return self;
}

static void destroy(sp_generator *self)
{
  SP__LIST_REMOVE(&self->loop->generators, self);
  sp__detail_unref(self->detail);
  sp__coroutine_free(&self->coroutine);
}

void sp__generators_free_all(sp_loop *loop)
{
  while (loop->generators.first) destroy(loop->generators.first);
}

const char *sp__producer_name(const sp__coroutine *coroutine)
{
  return SP__OWNER(coroutine, const sp_generator, coroutine)->fn_name;
}

const sp__coroutine *sp__producer_asker(const sp__coroutine *coroutine)
{
  return SP__OWNER(coroutine, const sp_generator, coroutine)->asker;
}

/* --- asking and yielding --- */

static void close_soon(void *generator);

/* When the last reference is gone, a generator suspended in a yield is closed by a task. If there
 * is no memory for that, the end of the run closes it. */
static void release(sp_generator *self)
{
  if (--self->refs > 0) return;
  if (!self->begun || self->ended || self->closed) {
    destroy(self);
  } else {
    self->refs = 1;
    self->released = sp_loop_call_soon(self->loop, close_soon, self).call != NULL;
  }
}

/* The producer may have failed with an error whose message was replaced since. */
static int take_error(const sp__task *task, int error)
{
  return task->message.code == error ? error : sp__fail_with(error, NULL);
}

/* Runs the producer until it yields or ends. Returns 1 if it yielded, else 0 or its error. */
static int ask(sp_generator *self, sp__task *task, void **value, const char *where)
{
  self->begun = true;
  self->refs++;
  self->task = task;
  self->asker = task->active;
  task->where = where;
  sp__task_hand_off(task, &self->coroutine);
  self->asker = NULL;
  task->where = where;
  int outcome = 1;
  if (!self->ended) {
    *value = self->value;
  } else {
    outcome = self->coroutine.result < 0 ? take_error(task, self->coroutine.result) : 0;
  }
  release(self);
  return outcome;
}

static int take_thrown(sp_generator *self)
{
  if (self->thrown == 0) return 0;
  int error = sp__fail_with(self->thrown, self->detail);
  sp__detail_unref(self->detail);
  self->detail = NULL;
  self->thrown = 0;
  return error;
}

int sp_yield_from(sp_generator *self, void *value, const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  if (task->active != &self->coroutine) {
    return sp__fail(SP_EINVALIDSTATE, "sp_yield called outside the generator's producer");
  }
  self->value = value;
  self->where = where;
  sp__task_hand_off(task, self->asker);
  return take_thrown(self);
}

int sp_generator_next_from(sp_generator *self, void **value, const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  if (self->asker) {
    return sp__fail(SP_EINVALIDSTATE, "anext(): asynchronous generator is already running");
  }
  return self->ended ? 0 : ask(self, task, value, where);
}

int sp_generator_throw_from(sp_generator *self, int code, const char *message, void **value,
                            const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  if (code >= 0) return sp__fail(SP_EINVAL, "error code must be negative");
  if (self->ended) return 0;
  if (self->asker) {
    return sp__fail(SP_EINVALIDSTATE, "athrow(): asynchronous generator is already running");
  }
  if (self->closed) return 0;
  if (!self->begun) {
    self->begun = self->ended = true;
    return sp__fail(code, message);
  }
  self->thrown = code;
  self->detail = sp__detail_new(message);
  return ask(self, task, value, where);
}

/* --- closing --- */

static int finish_producer(sp_generator *self, sp__task *task, int thrown, const char *where)
{
  void *unwanted;
  self->closed = true;
  self->thrown = thrown;
  int outcome = ask(self, task, &unwanted, where);
  if (outcome > 0) return sp__fail(SP_EINVALIDSTATE, "async generator ignored GeneratorExit");
  return outcome == SP_EGENERATOREXIT ? 0 : outcome;
}

int sp_generator_close_from(sp_generator *self, const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  if (self->ended) return 0;
  if (self->asker) {
    return sp__fail(SP_EINVALIDSTATE, "aclose(): asynchronous generator is already running");
  }
  if (self->closed) return 0;
  if (self->begun) return finish_producer(self, task, SP_EGENERATOREXIT, where);
  self->begun = self->ended = true;
  return 0;
}

void sp_generator_free(sp_generator *self)
{
  if (self) release(self);
}

/* A cancellation that comes before the closing has begun goes to the producer, as in CPython. */
static int cancel_producer(sp_generator *self, sp__task *task)
{
  task->must_cancel = false;
  if (self->ended || self->asker) return sp__fail_with(SP_ECANCELED, task->cancel_detail);
  self->detail = sp__detail_ref(task->cancel_detail);
  return finish_producer(self, task, SP_ECANCELED, SP_HERE "sp_generator_close");
}

static int close_it(void *generator)
{
  sp__task *task = sp__task_running();
  return task->must_cancel ? cancel_producer(generator, task) : sp_generator_close(generator);
}

static int close_and_unref(void *generator)
{
  int error = close_it(generator);
  release(generator);
  return error;
}

/* The closer's function runs even if it was cancelled before, so that the producer cleans up. */
static sp_task *make_closer(sp_generator *self, sp_coroutine *fn)
{
  sp_task *closer =
      sp_loop_create_task_from(self->loop, fn, self, NULL, "sp_generator_close", self->where);
  if (closer) sp__task_of(closer)->waiter.runnable.run = sp__task_step;
  return closer;
}

/* If there is no memory for the task, the end of the run closes the generator. */
static void close_soon(void *generator)
{
  sp_task *closer = make_closer(generator, close_and_unref);
  if (closer) {
    sp_task_detach(closer);
  } else {
    ((sp_generator *)generator)->released = false;
  }
}

/* --- the end of the run: asyncio's shutdown_asyncgens --- */

typedef struct closing {
  sp_future all_closed;
  size_t left;
} closing;

static void one_closed(sp_future *closer, void *arg)
{
  (void)closer;
  closing *batch = arg;
  bool was_last = --batch->left == 0;
  if (was_last && batch->all_closed.state == SP__PENDING)
    sp__future_finish(&batch->all_closed, 0, NULL);
}

/* The closing task and the batch each have a reference. If there is no memory for the callback, the
 * task is not waited for. */
static void begin_closing(sp_generator *self, closing *batch)
{
  if (!self->begun || self->released) return;
  sp_task *closer = make_closer(self, close_and_unref);
  if (!closer) return;
  self->refs++;
  if (sp_future_add_done_callback(closer, one_closed, batch) < 0) {
    sp_task_detach(closer);
    return;
  }
  self->closer = closer;
  self->refs++;
  batch->left++;
}

/* `next` is read after the exception handler, which may free generators. */
static sp_generator *end_closing(sp_generator *self)
{
  sp_task *closer = self->closer;
  if (closer->state == SP__FINISHED && closer->result < 0) {
    char message[256];
    sp__text text = sp__text_into(message, sizeof message);
    sp__text_add(&text, "an error occurred during closing of asynchronous generator ",
                 self->fn_name, "() at ", sp__file_name(self->where));
    closer->retrieved = true;
    sp__report(self->loop, message, closer);
  }
  sp_generator *next = self->next;
  self->closer = NULL;
  sp_task_detach(closer);
  release(self);
  return next;
}

static int close_all(void *arg)
{
  sp_loop *loop = arg;
  closing batch = {.left = 0};
  for (sp_generator *each = loop->generators.first; each; each = each->next) {
    begin_closing(each, &batch);
  }
  while (batch.left > 0) {
    sp__future_open(&batch.all_closed, loop);
    (void)sp__task_wait(sp__task_running(), &batch.all_closed, SP_HERE "sp_loop_shutdown");
    sp__future_close(&batch.all_closed);
  }
  sp_generator *each = loop->generators.first;
  while (each) each = each->closer ? end_closing(each) : each->next;
  return 0;
}
