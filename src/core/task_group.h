/* What the files of task groups share: a group, and its tasks. */
#ifndef SP_TASK_GROUP_H
#define SP_TASK_GROUP_H

#include "core/error.h"
#include "core/future.h"
#include "core/loop_owned.h"
#include "core/ready.h"
#include "core/task.h"
#include "spindle.h"

/* A task of the group. When it has failed its error stays. */
typedef struct sp__member {
  sp__loop_owned owned;
  sp__waiter waiter;
  struct sp__task_group *group;
  sp_task *task;
  size_t slot; /* in the group's `slots` */
  struct sp__member *previous, *next;
  int code;
  sp__detail *detail;
} sp__member;

typedef struct sp__members {
  sp__member *first, *last;
  size_t count;
} sp__members;

struct sp__task_group {
  sp__loop_owned owned;
  sp_loop *loop;
  sp__task *parent;
  sp__members running; /* in the order of their creation */
  sp__members failed;  /* in the order in which they did */
  sp__member **slots;  /* those of `running`, in no order */
  sp_task **tasks;     /* of `slots` */
  size_t capacity;     /* of both */
  size_t starting;     /* how many are being created: an eager one may create others */
  sp_future all_done;  /* while the close waits for it */
  sp__message body;    /* what happened between open and close */
  sp__message cancelled;
  sp__await_frame awaits;
  sp__message interruption; /* the first SP_EINTERRUPTED; its code is 0 while there is none */
  bool waits;
  bool exiting;
  bool aborting;
  bool parent_cancel_requested;
};

/* --- group_members.c --- */

/* One that has a slot in the ready queue and among those that run; NULL with the message set when
 * out of memory. `run` is what its handle does when its task is done. */
sp__member *sp__member_new(struct sp__task_group *group, void (*run)(sp__runnable *self));

/* Of one that is in neither list. The slot in the ready queue is given back before. */
void sp__member_free(sp__member *freed);

void sp__members_add_running(struct sp__task_group *group, sp__member *added);
void sp__members_take_running(struct sp__task_group *group, sp__member *taken);
void sp__members_add_failed(struct sp__task_group *group, sp__member *failed);
void sp__members_free_failed(struct sp__task_group *group);

/* --- group_errors.c --- */

/* The code, and the detail that the running task has of it. */
void sp__group_keep(sp__message *message, int code);

/* Keeps the first SP_EINTERRUPTED. */
void sp__group_keep_interruption(struct sp__task_group *group, int code, sp__detail *detail);

/* What the close returns, with the message set, when all tasks are done. */
int sp__group_outcome(struct sp__task_group *group);

#endif
