/* What the files of task groups share: a group, and its tasks. */
#ifndef SP_TASK_GROUP_H
#define SP_TASK_GROUP_H

#include "core/error.h"
#include "core/future.h"
#include "core/loop_owned.h"
#include "core/ready.h"
#include "core/task.h"
#include "spindle.h"

/* A task of the group. One that failed keeps its error. */
typedef struct sp__member {
  sp__loop_owned owned;
  sp__waiter waiter;
  struct sp__task_group *group;
  sp_task *task;
  size_t slot; /* its index in the group's `slots` */
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
  sp__members running; /* in the order of creation */
  sp__members failed;  /* in the order of failure */
  sp__member **slots;  /* the members of `running`, in no order */
  sp_task **tasks;     /* the tasks of `slots` */
  size_t capacity;     /* of both */
  size_t starting;     /* how many tasks are being created: an eager one may create others */
  sp_future all_done;  /* set while the close waits for it */
  sp__message body;    /* the error between open and close */
  sp__message cancelled;
  sp__await_frame awaits;
  sp__message interruption; /* the first SP_EINTERRUPTED; code 0: none */
  bool waits;
  bool exiting;
  bool aborting;
  bool parent_cancel_requested;
};

/* --- group_members.c --- */

/* Returns a member with a slot in the ready queue, in `running`; NULL with the message set when out
 * of memory. `run` is called by its runnable when its task is done. */
sp__member *sp__member_new(struct sp__task_group *group, void (*run)(sp__runnable *self));

/* Frees a member that is in neither list and whose slot in the ready queue has been released. */
void sp__member_free(sp__member *freed);

void sp__members_add_running(struct sp__task_group *group, sp__member *added);
void sp__members_take_running(struct sp__task_group *group, sp__member *taken);
void sp__members_add_failed(struct sp__task_group *group, sp__member *failed);
void sp__members_free_failed(struct sp__task_group *group);

/* --- group_errors.c --- */

/* Stores the code, with the running task's detail of it. */
void sp__group_keep(sp__message *message, int code);

/* Stores the first SP_EINTERRUPTED. */
void sp__group_keep_interruption(struct sp__task_group *group, int code, sp__detail *detail);

/* Returns the result of the close, with the message set, when all tasks are done. */
int sp__group_outcome(struct sp__task_group *group);

#endif
