/* The members of a task group: the running ones, in the order of creation and, for the tree of
 * tasks, as an array; and the failed ones. */
#include "core/error.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/loop_owned.h"
#include "core/ready.h"
#include "core/task_group.h"
#include "spindle.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 4 };

static void add_last(sp__members *list, sp__member *added)
{
  SP__LIST_APPEND(list, added);
  list->count++;
}

static void take_out(sp__members *list, sp__member *taken)
{
  SP__LIST_REMOVE(list, taken);
  list->count--;
}

static void drop_member(sp__loop_owned *owned)
{
  sp__detail_unref(SP__OWNER(owned, sp__member, owned)->detail);
}

void sp__member_free(sp__member *freed)
{
  drop_member(&freed->owned);
  sp__loop_owned_free(freed->group->loop, &freed->owned);
}

static void tell_what_runs(struct sp__task_group *group)
{
  group->awaits.futures = group->tasks;
  group->awaits.count = group->running.count;
}

static void put_in(struct sp__task_group *group, size_t slot, sp__member *put)
{
  group->slots[slot] = put;
  group->tasks[slot] = put->task;
  put->slot = slot;
}

void sp__members_add_running(struct sp__task_group *group, sp__member *added)
{
  put_in(group, group->running.count, added);
  add_last(&group->running, added);
  tell_what_runs(group);
}

void sp__members_take_running(struct sp__task_group *group, sp__member *taken)
{
  take_out(&group->running, taken);
  put_in(group, taken->slot, group->slots[group->running.count]);
  tell_what_runs(group);
}

void sp__members_add_failed(struct sp__task_group *group, sp__member *failed)
{
  add_last(&group->failed, failed);
}

void sp__members_free_failed(struct sp__task_group *group)
{
  while (group->failed.first) {
    sp__member *freed = group->failed.first;
    take_out(&group->failed, freed);
    sp__member_free(freed);
  }
}

static bool reserve(struct sp__task_group *group)
{
  size_t needed = group->running.count + group->starting;
  if (needed <= group->capacity) return true;
  size_t capacity = group->capacity ? group->capacity * 2 : FIRST_CAPACITY;
  sp__member **slots = realloc(group->slots, capacity * sizeof *slots);
  if (slots) group->slots = slots;
  sp_task **tasks = realloc(group->tasks, capacity * sizeof *tasks);
  if (tasks) group->tasks = tasks;
  tell_what_runs(group);
  if (!slots || !tasks) return false;
  group->capacity = capacity;
  return true;
}

sp__member *sp__member_new(struct sp__task_group *group, void (*run)(sp__runnable *self))
{
  sp__member *made = sp__loop_owned_new(group->loop, sizeof *made, drop_member);
  if (!made) return NULL;
  made->group = group;
  made->waiter.runnable.run = run;
  if (sp__ready_reserve(&group->loop->ready) == 0) {
    if (reserve(group)) return made;
    sp__ready_release(&group->loop->ready);
  }
  sp__member_free(made);
  sp__fail(SP_ENOMEM, NULL);
  return NULL;
}
