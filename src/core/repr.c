/* What a task or a future is called, and what it says of itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"

enum { REPR_ROOM = 512 };

void sp__task_write_name(const sp__task *task, char *text, size_t size)
{
  if (task->name) {
    snprintf(text, size, "%s", task->name);
  } else {
    snprintf(text, size, "Task-%llu", (unsigned long long)task->number);
  }
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
  if (!name && task->number == 0) task->number = ++task->future.loop->task_count;
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

static void write_outcome(const sp_future *future, char *text, size_t size)
{
  if (future->state != SP__FINISHED) {
    text[0] = '\0';
  } else if (future->result >= 0) {
    snprintf(text, size, " result=%d", future->result);
  } else {
    const char *message = future->detail ? future->detail->text : sp_strerror(future->result);
    snprintf(text, size, " exception=%s(%d, '%s')", sp_error_name(future->result), future->result,
             message);
  }
}

/* All but the bracket at its end. */
static size_t write_one(const sp_future *future, char *text, size_t size)
{
  char outcome[REPR_ROOM / 2];
  write_outcome(future, outcome, sizeof outcome);
  if (future->kind != SP__TASK) {
    return (size_t)snprintf(text, size, "<Future %s%s", state_name(future), outcome);
  }
  const sp__task *task = sp__task_of(future);
  bool pending = future->state == SP__PENDING;
  char name[REPR_ROOM / 4];
  sp__task_write_name(task, name, sizeof name);
  return (size_t)snprintf(text, size, "<Task %s name='%s' coro=<%s() %s at %s>%s",
                          state_name(future), name, task->fn_name,
                          pending ? "running" : "done, created",
                          sp__file_name(pending ? task->where : future->created), outcome);
}

static const sp_future *waited_for(const sp_future *future)
{
  return future->kind == SP__TASK ? sp__task_of(future)->waiting_on : NULL;
}

static size_t room_after(size_t length, size_t size) { return length < size ? size - length : 0; }

size_t sp_repr(const sp_future *future, char *text, size_t size)
{
  size_t length = write_one(future, text, size);
  size_t open = 1;
  for (future = waited_for(future); future; future = waited_for(future), open++) {
    size_t room = room_after(length, size);
    length += (size_t)snprintf(room ? text + length : NULL, room, " wait_for=");
    room = room_after(length, size);
    length += write_one(future, room ? text + length : NULL, room);
  }
  for (; open > 0; open--) {
    size_t room = room_after(length, size);
    length += (size_t)snprintf(room ? text + length : NULL, room, ">");
  }
  return length;
}

void sp__coroutine_overran(const sp__coroutine *coroutine)
{
  const sp__task *task = sp__task_running();
  char text[REPR_ROOM];
  char name[REPR_ROOM / 4];
  bool in_producer = coroutine != &task->coroutine;
  sp__task_write_name(task, name, sizeof name);
  snprintf(text, sizeof text,
           "spindle: stack overflow in task '%s', %s(): it needs more than its %zu bytes of stack; "
           "raise sp_task_options.stack_size\n",
           name, in_producer ? sp__producer_name(coroutine) : task->fn_name,
           sp__coroutine_stack_size(coroutine));
  sp__host_complain(text);
}
