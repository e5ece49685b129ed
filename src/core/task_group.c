/* Task groups: tasks that end together, and whose errors come out together. */
#include <stdio.h>
#include <stdlib.h>

#include "core/core.h"

enum { NAME_ROOM = 96, REPR_ROOM = 512, FIRST_ROOM = 4 };

/* A task of the group. When it has failed its error stays. */
typedef struct member {
  sp__kept kept;
  sp__waiter waiter;
  struct sp__task_group *group;
  sp_task *task;
  size_t place; /* in the group's `places` */
  struct member *previous, *next;
  int code;
  sp__detail *detail;
} member;

typedef struct members {
  member *first, *last;
  size_t count;
} members;

struct sp__task_group {
  sp__kept kept;
  sp_loop *loop;
  sp__task *parent;
  members running;    /* in the order of their creation */
  members failed;     /* in the order in which they did */
  member **places;    /* those of `running`, in no order */
  sp_task **tasks;    /* of `places` */
  size_t room;        /* of both */
  size_t starting;    /* how many are being created: an eager one may create others */
  sp_future all_done; /* while the close waits for it */
  sp__message body;   /* what happened between open and close */
  sp__message cancelled;
  sp__awaits awaits;
  sp__message interruption; /* the first SP_EINTERRUPTED; its code is 0 while there is none */
  bool waits;
  bool exiting;
  bool aborting;
  bool parent_cancel_requested;
};

/* What a group is after its close. */
static struct sp__task_group finished = {.exiting = true};

/* --- members --- */

static void add_last(members *list, member *added)
{
  added->previous = list->last;
  added->next = NULL;
  if (list->last) {
    list->last->next = added;
  } else {
    list->first = added;
  }
  list->last = added;
  list->count++;
}

static void take_out(members *list, member *taken)
{
  if (taken->previous) {
    taken->previous->next = taken->next;
  } else {
    list->first = taken->next;
  }
  if (taken->next) {
    taken->next->previous = taken->previous;
  } else {
    list->last = taken->previous;
  }
  list->count--;
}

static void drop_member(sp__kept *kept) { sp__detail_drop(SP__OWNER(kept, member, kept)->detail); }

static void free_member(member *freed)
{
  drop_member(&freed->kept);
  sp__kept_free(freed->group->loop, &freed->kept);
}

static void tell_what_runs(struct sp__task_group *group)
{
  group->awaits.futures = group->tasks;
  group->awaits.count = group->running.count;
}

static void put_at(struct sp__task_group *group, size_t place, member *put)
{
  group->places[place] = put;
  group->tasks[place] = put->task;
  put->place = place;
}

static void add_running(struct sp__task_group *group, member *added)
{
  put_at(group, group->running.count, added);
  add_last(&group->running, added);
  tell_what_runs(group);
}

static void take_running(struct sp__task_group *group, member *taken)
{
  take_out(&group->running, taken);
  put_at(group, taken->place, group->places[group->running.count]);
  tell_what_runs(group);
}

/* --- the end of a task --- */

static void cancel_all(struct sp__task_group *group)
{
  group->aborting = true;
  for (member *one = group->running.first; one; one = one->next) {
    sp__future_cancel(one->task, NULL);
  }
}

static void report_late(const sp__task *parent, sp_task *task)
{
  char text[2 * REPR_ROOM + NAME_ROOM];
  char task_repr[REPR_ROOM];
  char parent_repr[REPR_ROOM];
  sp_repr(task, task_repr, sizeof task_repr);
  sp_repr(&parent->future, parent_repr, sizeof parent_repr);
  snprintf(text, sizeof text, "Task %s has errored out but its parent task %s is already completed",
           task_repr, parent_repr);
  sp__report(task->loop, text, task);
}

/* The first error cancels the others and the parent, so that it comes to the close. */
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

static void keep_interruption(struct sp__task_group *group, int code, sp__detail *detail)
{
  if (code != SP_EINTERRUPTED || group->interruption.code != 0) return;
  group->interruption = (sp__message){.code = code, .detail = sp__detail_share(detail)};
}

static void tell_all_done(struct sp__task_group *group)
{
  bool waited_for = group->waits && group->all_done.state == SP__PENDING;
  if (waited_for && group->running.count == 0) sp__future_finish(&group->all_done, 0, NULL);
}

static void member_run(sp__handle *handle)
{
  member *ended = SP__OWNER(handle, member, waiter.handle);
  struct sp__task_group *group = ended->group;
  sp_task *task = ended->task;
  if (group->loop->closed) return;
  sp__ready_release(&group->loop->ready);
  take_running(group, ended);
  tell_all_done(group);
  if (sp__future_failed(task)) {
    task->retrieved = true;
    ended->code = task->result;
    ended->detail = sp__detail_share(task->detail);
    add_last(&group->failed, ended);
    keep_interruption(group, ended->code, ended->detail);
    one_failed(group, task);
  } else {
    free_member(ended);
  }
  sp__future_let_go(task);
}

/* --- creating a task --- */

/* "TaskGroup <TaskGroup tasks=2 errors=1 cancelling> is shutting down" */
static void refuse(const struct sp__task_group *group, const char *what)
{
  char tasks[NAME_ROOM / 3] = "";
  char errors[NAME_ROOM / 3] = "";
  char text[2 * NAME_ROOM];
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

static bool make_room(struct sp__task_group *group)
{
  size_t needed = group->running.count + group->starting;
  if (needed <= group->room) return true;
  size_t room = group->room ? group->room * 2 : FIRST_ROOM;
  member **places = realloc(group->places, room * sizeof *places);
  if (places) group->places = places;
  sp_task **tasks = realloc(group->tasks, room * sizeof *tasks);
  if (tasks) group->tasks = tasks;
  tell_what_runs(group);
  if (!places || !tasks) return false;
  group->room = room;
  return true;
}

static member *new_member(struct sp__task_group *group)
{
  member *made = sp__kept_new(group->loop, sizeof *made, drop_member);
  if (!made) return NULL;
  made->group = group;
  made->waiter.handle.run = member_run;
  if (sp__ready_reserve(&group->loop->ready) == 0) {
    if (make_room(group)) return made;
    sp__ready_release(&group->loop->ready);
  }
  free_member(made);
  sp__fail(SP_ENOMEM, NULL);
  return NULL;
}

/* One that is done already, having begun eagerly, is told of as late as the others. */
static void join(member *joining, sp_task *task)
{
  joining->task = task;
  sp__future_hold(task);
  add_running(joining->group, joining);
  if (task->state == SP__PENDING) {
    sp__future_add_waiter(task, &joining->waiter);
  } else {
    sp__loop_ready(task->loop, &joining->waiter.handle);
  }
}

static int create(struct sp__task_group *group, sp_coroutine *fn, void *arg,
                  const sp_task_options *options, const char *fn_name, const char *where,
                  sp_task **created)
{
  if (!takes_tasks(group)) return SP_EINVALIDSTATE;
  group->starting++;
  member *made = new_member(group);
  *created = made ? sp_loop_create_task_at(group->loop, fn, arg, options, fn_name, where) : NULL;
  group->starting--;
  if (*created) {
    join(made, *created);
    return 0;
  }
  if (!made) return SP_ENOMEM;
  sp__ready_release(&group->loop->ready);
  free_member(made);
  return group->loop->closed ? SP_ECLOSED : SP_ENOMEM;
}

sp_task *sp_task_group_create_task_at(sp_task_group *group, sp_coroutine *fn, void *arg,
                                      const sp_task_options *options, const char *fn_name,
                                      const char *where)
{
  sp_task *task;
  int error = create(group->state, fn, arg, options, fn_name, where, &task);
  return error < 0 ? NULL : task;
}

int sp_task_group_spawn_at(sp_task_group *group, sp_coroutine *fn, void *arg,
                           const sp_task_options *options, const char *fn_name, const char *where)
{
  sp_task *task;
  int error = create(group->state, fn, arg, options, fn_name, where, &task);
  if (error == 0) sp_task_detach(task);
  return error;
}

/* --- opening and closing --- */

static void drop_group(sp__kept *kept)
{
  struct sp__task_group *group = SP__OWNER(kept, struct sp__task_group, kept);
  sp__future_close(&group->all_done);
  sp__detail_drop(group->body.detail);
  sp__detail_drop(group->cancelled.detail);
  sp__detail_drop(group->interruption.detail);
  free(group->places);
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
  struct sp__task_group *made = sp__kept_new(loop, sizeof *made, drop_group);
  if (!made) return SP_ENOMEM;
  made->loop = loop;
  made->parent = parent;
  made->awaits.what = "sp_task_group_close";
  sp__future_hold(&parent->future);
  group->state = made;
  return 0;
}

static void free_group(struct sp__task_group *group)
{
  sp_loop *loop = group->loop;
  sp_future *parent = &group->parent->future;
  while (group->failed.first) {
    member *freed = group->failed.first;
    take_out(&group->failed, freed);
    free_member(freed);
  }
  drop_group(&group->kept);
  sp__kept_free(loop, &group->kept);
  sp__future_let_go(parent);
}

/* --- what comes out of it --- */

static void keep(sp__message *message, int code)
{
  sp__detail *before = message->detail;
  *message = (sp__message){.code = code, .detail = sp__detail_share(sp__detail_of(code))};
  sp__detail_drop(before);
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
    keep(&group->cancelled, result);
    cancel_all(group);
  }
}

static bool body_failed(const struct sp__task_group *group)
{
  return group->body.code < 0 && group->body.code != SP_ECANCELED;
}

static void write_errors(const struct sp__task_group *group, int *codes, sp__detail **details)
{
  size_t at = 0;
  for (const member *one = group->failed.first; one; one = one->next, at++) {
    codes[at] = one->code;
    details[at] = one->detail;
  }
  if (!body_failed(group)) return;
  codes[at] = group->body.code;
  details[at] = group->body.detail;
}

/* Without memory for them the errors are lost but for the code. */
static sp__detail *errors_of(const struct sp__task_group *group)
{
  size_t count = group->failed.count + (body_failed(group) ? 1 : 0);
  int *codes = calloc(count, sizeof *codes);
  sp__detail **details = calloc(count, sizeof *details);
  sp__detail *errors = NULL;
  if (codes && details) {
    char text[NAME_ROOM];
    snprintf(text, sizeof text, "unhandled errors in a TaskGroup (%zu sub-exception%s)", count,
             count == 1 ? "" : "s");
    write_errors(group, codes, details);
    errors = sp__detail_of_group(text, count, codes, details);
  }
  free(codes);
  free(details);
  return errors;
}

/* A parent that was cancelled from outside, too, is told again: the errors come first. */
static int fail(struct sp__task_group *group)
{
  sp_task *parent = &group->parent->future;
  if (sp_task_cancelling(parent) > 0) {
    sp_task_uncancel(parent);
    sp__future_cancel(parent, NULL);
  }
  sp__detail *errors = errors_of(group);
  sp__fail_with(SP_EGROUP, errors);
  sp__detail_drop(errors);
  return SP_EGROUP;
}

/* An interruption comes out as it is, whatever else went wrong. */
static int outcome(struct sp__task_group *group)
{
  const sp__message *interruption = &group->interruption;
  if (interruption->code != 0) return sp__fail_with(interruption->code, interruption->detail);
  const sp__message *cancelled = &group->cancelled;
  bool is_cancelled = cancelled->code == SP_ECANCELED;
  if (group->parent_cancel_requested && sp_task_uncancel(&group->parent->future) == 0) {
    is_cancelled = false;
  }
  bool failed = group->failed.count > 0;
  if (is_cancelled && !failed) return sp__fail_with(SP_ECANCELED, cancelled->detail);
  return failed || body_failed(group) ? fail(group) : group->body.code;
}

static int end(struct sp__task_group *group, sp__task *task, int result, const char *where)
{
  group->exiting = true;
  keep(&group->body, result);
  keep_interruption(group, result, group->body.detail);
  if (result == SP_ECANCELED) keep(&group->cancelled, result);
  if (result < 0 && !group->aborting) cancel_all(group);
  wait_for_all(group, task, where);
  return outcome(group);
}

int sp_task_group_close_at(sp_task_group *group, int result, const char *where)
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
