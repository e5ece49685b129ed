/* Task groups: tasks that end together, and whose errors are returned together. */
#include "core/task_group.h"
#include "core/cancel.h"
#include "core/error.h"
#include "core/future.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/loop_owned.h"
#include "core/ready.h"
#include "core/report.h"
#include "core/task.h"
#include "spindle.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAME_CAPACITY = 96, REPR_CAPACITY = 512 };

/* The state of every group after its close. */
static struct sp__task_group finished = {.exiting = true};

/* --- the end of a task --- */

static void cancel_all(struct sp__task_group *group)
{
  group->aborting = true;
  for (sp__member *one = group->running.first; one; one = one->next) {
    sp__future_cancel(one->task, NULL);
  }
}

static void report_late(const sp__task *parent, sp_task *task)
{
  char text[2 * REPR_CAPACITY + NAME_CAPACITY];
  char task_repr[REPR_CAPACITY];
  char parent_repr[REPR_CAPACITY];
  sp_repr(task, task_repr, sizeof task_repr);
  sp_repr(&parent->future, parent_repr, sizeof parent_repr);
  snprintf(text, sizeof text, "Task %s has errored out but its parent task %s is already completed",
           task_repr, parent_repr);
  sp__report(task->loop, text, task);
}

/* The first error cancels the other tasks and the parent, so that it reaches the close. */
static void one_failed(struct sp__task_group *group, sp_task *task)
{
  sp__task *parent = group->parent;
  if (parent->future.state != SP__PENDING) {
    report_late(parent, task);
  } else if (!group->aborting && !group->parent_cancel_requested) {
    cancel_all(group);
    group->parent_cancel_requested = true;
    sp__future_cancel(&parent->future, NULL);
  }
}

static void tell_all_done(struct sp__task_group *group)
{
  bool waited_for = group->waits && group->all_done.state == SP__PENDING;
  if (waited_for && group->running.count == 0) sp__future_finish(&group->all_done, 0, NULL);
}

static void member_run(sp__runnable *runnable)
{
  sp__member *ended = SP__OWNER(runnable, sp__member, waiter.runnable);
  struct sp__task_group *group = ended->group;
  sp_task *task = ended->task;
  if (group->loop->closed) return;
  sp__ready_release(&group->loop->ready);
  sp__members_take_running(group, ended);
  tell_all_done(group);
  if (sp__future_failed(task)) {
    task->retrieved = true;
    ended->code = task->result;
    ended->detail = sp__detail_ref(task->detail);
    sp__members_add_failed(group, ended);
    sp__group_keep_interruption(group, ended->code, ended->detail);
    one_failed(group, task);
  } else {
    sp__member_free(ended);
  }
  sp__future_unref(task);
}

/* --- creating a task --- */

/* "TaskGroup <TaskGroup tasks=2 errors=1 cancelling> is shutting down" */
static void refuse(const struct sp__task_group *group, const char *what)
{
  char tasks[NAME_CAPACITY / 3] = "";
  char errors[NAME_CAPACITY / 3] = "";
  char text[2 * NAME_CAPACITY];
  if (group && group->running.count > 0) {
    snprintf(tasks, sizeof tasks, " tasks=%zu", group->running.count);
  }
  if (group && group->failed.count > 0) {
    snprintf(errors, sizeof errors, " errors=%zu", group->failed.count);
  }
  const char *state = group && group->aborting ? " cancelling" : group ? " entered" : "";
  snprintf(text, sizeof text, "TaskGroup <TaskGroup%s%s%s> %s", tasks, errors, state, what);
  sp__fail(SP_EINVALIDSTATE, text);
}

static bool takes_tasks(const struct sp__task_group *group)
{
  if (!group) {
    refuse(group, "has not been entered");
  } else if (group->exiting && group->running.count == 0) {
    refuse(group, "is finished");
  } else if (group->aborting) {
    refuse(group, "is shutting down");
  } else {
    return true;
  }
  return false;
}

/* A task that is done already, having begun eagerly, is handled as late as the others. */
static void join(sp__member *joining, sp_task *task)
{
  joining->task = task;
  sp__future_ref(task);
  sp__members_add_running(joining->group, joining);
  if (task->state == SP__PENDING) {
    sp__future_add_waiter(task, &joining->waiter);
  } else {
    sp__loop_ready(task->loop, &joining->waiter.runnable);
  }
}

static int create(struct sp__task_group *group, sp_coroutine *fn, void *arg,
                  const sp_task_options *options, const char *fn_name, const char *where,
                  sp_task **created)
{
  if (!takes_tasks(group)) return SP_EINVALIDSTATE;
  group->starting++;
  sp__member *made = sp__member_new(group, member_run);
  *created = made ? sp_loop_create_task_from(group->loop, fn, arg, options, fn_name, where) : NULL;
  group->starting--;
  if (*created) {
    join(made, *created);
    return 0;
  }
  if (!made) return SP_ENOMEM;
  sp__ready_release(&group->loop->ready);
  sp__member_free(made);
  return group->loop->closed ? SP_ECLOSED : SP_ENOMEM;
}

sp_task *sp_task_group_create_task_from(sp_task_group *group, sp_coroutine *fn, void *arg,
                                        const sp_task_options *options, const char *fn_name,
                                        const char *where)
{
  sp_task *task;
  int error = create(group->state, fn, arg, options, fn_name, where, &task);
  return error < 0 ? NULL : task;
}

int sp_task_group_spawn_from(sp_task_group *group, sp_coroutine *fn, void *arg,
                             const sp_task_options *options, const char *fn_name, const char *where)
{
  sp_task *task;
  int error = create(group->state, fn, arg, options, fn_name, where, &task);
  if (error == 0) sp_task_detach(task);
  return error;
}

/* --- opening and closing --- */

static void drop_group(sp__loop_owned *owned)
{
  struct sp__task_group *group = SP__OWNER(owned, struct sp__task_group, owned);
  sp__future_close(&group->all_done);
  sp__detail_unref(group->body.detail);
  sp__detail_unref(group->cancelled.detail);
  sp__detail_unref(group->interruption.detail);
  free(group->slots);
  free(group->tasks);
}

int sp_task_group_open(sp_task_group *group)
{
  group->state = NULL;
  sp__task *parent = sp__task_running();
  if (!parent) {
    return sp__fail(SP_ENOTASK, "TaskGroup <TaskGroup> cannot determine the parent task");
  }
  sp_loop *loop = parent->future.loop;
  struct sp__task_group *made = sp__loop_owned_new(loop, sizeof *made, drop_group);
  if (!made) return SP_ENOMEM;
  made->loop = loop;
  made->parent = parent;
  sp__future_ref(&parent->future);
  group->state = made;
  return 0;
}

static void free_group(struct sp__task_group *group)
{
  sp_loop *loop = group->loop;
  sp_future *parent = &group->parent->future;
  sp__members_free_failed(group);
  drop_group(&group->owned);
  sp__loop_owned_free(loop, &group->owned);
  sp__future_unref(parent);
}

/* The caller may be cancelled while it waits, even repeatedly. The first time counts, if the group
 * was not ending already. */
static void wait_for_all(struct sp__task_group *group, sp__task *task, const char *where)
{
  while (group->running.count > 0) {
    sp__future_open(&group->all_done, group->loop);
    group->waits = true;
    int result = sp__task_wait_for(task, &group->awaits, &group->all_done, where);
    group->waits = false;
    sp__future_close(&group->all_done);
    if (result != SP_ECANCELED || group->aborting) continue;
    sp__group_keep(&group->cancelled, result);
    cancel_all(group);
  }
}

static int end(struct sp__task_group *group, sp__task *task, int result, const char *where)
{
  group->exiting = true;
  sp__group_keep(&group->body, result);
  sp__group_keep_interruption(group, result, group->body.detail);
  if (result == SP_ECANCELED) sp__group_keep(&group->cancelled, result);
  if (result < 0 && !group->aborting) cancel_all(group);
  wait_for_all(group, task, where);
  return sp__group_outcome(group);
}

int sp_task_group_close_from(sp_task_group *group, int result, const char *where)
{
  sp__task *task = sp__task_suspendable();
  if (!task) return SP_ENOTASK;
  struct sp__task_group *state = group->state;
  if (!state || state == &finished) {
    refuse(state, state ? "is finished" : "has not been entered");
    return SP_EINVALIDSTATE;
  }
  int ended = end(state, task, result, where);
  group->state = &finished;
  free_group(state);
  return ended;
}
