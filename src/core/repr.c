/* The names and representations of tasks and futures. */
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/future.h"
#include "core/generator.h"
#include "core/loop.h"
#include "core/repr.h"
#include "core/task.h"
#include "core/text.h"
#include "host/host.h"
#include "spindle.h"
#include "switch/switch.h"

enum { REPR_CAPACITY = 512 };

static void add_name(sp__text *text, const sp__task *task)
{
  if (task->name) {
    sp__text_add(text, task->name);
  } else {
    sp__text_add(text, "Task-");
    sp__text_add_number(text, task->number);
  }
}

void sp__task_write_name(const sp__task *task, char *text, size_t size)
{
  sp__text name = sp__text_into(text, size);
  add_name(&name, task);
}

const char *sp_task_name(sp_task *handle)
{
  sp__task *task = sp__task_of(handle);
  if (!task->name) {
    char text[32];
    sp__task_write_name(task, text, sizeof text);
    task->name = sp__message_copy(text);
  }
  return task->name ? task->name : "Task";
}

int sp_task_set_name(sp_task *handle, const char *name)
{
  sp__task *task = sp__task_of(handle);
  char *copy = sp__message_copy(name);
  if (name && !copy) return sp__fail(SP_ENOMEM, NULL);
  free(task->name);
  task->name = copy;
  if (!name && task->number == 0) task->number = ++task->future.loop->tasks.unnamed;
  return 0;
}

const char *sp__file_name(const char *where)
{
  const char *slash = strrchr(where, '/');
  return slash ? slash + 1 : where;
}

const char *sp__call_name(const char *where) { return where + strlen(where) + 1; }

static const char *state_name(const sp_future *future)
{
  static const char *const names[] = {"pending", "cancelled", "finished"};
  bool asked = future->kind == SP__TASK && sp__task_of(future)->cancels > 0;
  return asked && future->state == SP__PENDING ? "cancelling" : names[future->state];
}

static void add_outcome(sp__text *text, const sp_future *future)
{
  if (future->state != SP__FINISHED) return;
  if (future->result >= 0) {
    sp__text_add(text, " result=");
    sp__text_add_number(text, (uint64_t)future->result);
  } else {
    int64_t code = future->result;
    const char *message = future->detail ? future->detail->text : sp_strerror(future->result);
    sp__text_add(text, " exception=", sp_error_name(future->result), "(-");
    sp__text_add_number(text, (uint64_t)-code);
    sp__text_add(text, ", '", message, "')");
  }
}

static void add_task(sp__text *text, const sp__task *task)
{
  const sp_future *future = &task->future;
  bool pending = future->state == SP__PENDING;
  sp__text_add(text, "<Task ", state_name(future), " name='");
  add_name(text, task);
  sp__text_add(text, "' coro=<", task->fn_name, pending ? "() running at " : "() done, created at ",
               sp__file_name(pending ? task->where : future->created), ">");
}

/* All but the closing bracket. */
static void add_one(sp__text *text, const sp_future *future)
{
  if (future->kind == SP__TASK) {
    add_task(text, sp__task_of(future));
  } else {
    sp__text_add(text, "<Future ", state_name(future));
  }
  add_outcome(text, future);
}

static const sp_future *waited_for(const sp_future *future)
{
  return future->kind == SP__TASK ? sp__task_of(future)->waiting_on : NULL;
}

size_t sp_repr(const sp_future *future, char *text, size_t size)
{
  sp__text repr = sp__text_into(text, size);
  add_one(&repr, future);
  size_t open = 1;
  for (future = waited_for(future); future; future = waited_for(future), open++) {
    sp__text_add(&repr, " wait_for=");
    add_one(&repr, future);
  }
  for (; open > 0; open--) sp__text_add(&repr, ">");
  return repr.length;
}

void sp__coroutine_overran(const sp__coroutine *coroutine)
{
  const sp__task *task = sp__task_running();
  bool in_producer = coroutine != &task->coroutine;
  char message[REPR_CAPACITY];
  sp__text text = sp__text_into(message, sizeof message);
  sp__text_add(&text, "spindle: stack overflow in task '");
  add_name(&text, task);
  sp__text_add(&text, "', ", in_producer ? sp__producer_name(coroutine) : task->fn_name,
               "(): it needs more than its ");
  sp__text_add_number(&text, sp__coroutine_stack_size(coroutine));
  sp__text_add(&text, " bytes of stack; raise sp_task_options.stack_size\n");
  sp__host_complain(message);
}
