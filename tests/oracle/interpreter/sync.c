/* Locks, events, conditions, semaphores, barriers, queues. */
#include <stdio.h>
#include <stdlib.h>

#include "operations.h"

int acquire(o_run *run, const char *name)
{
  int number = number_of(name);
  if (name[0] == 'l') return sp_lock_acquire(&run->locks[number]);
  if (name[0] == 'c') return sp_condition_acquire(&run->conditions[number]);
  return sp_semaphore_acquire(&run->semaphores[number]);
}

int release(o_run *run, const char *name)
{
  int number = number_of(name);
  if (name[0] == 'l') return sp_lock_release(&run->locks[number]);
  if (name[0] == 'c') return sp_condition_release(&run->conditions[number]);
  return sp_semaphore_release(&run->semaphores[number]);
}

int op_acquire(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  return acquire(frame->run, self->words[1]);
}

int op_release(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  return release(frame->run, self->words[1]);
}

int op_locked(o_frame *frame, const o_op *self, o_text *value)
{
  const o_run *run = frame->run;
  const char *name = self->words[1];
  int number = number_of(name);
  bool locked = name[0] == 'l'   ? sp_lock_locked(&run->locks[number])
                : name[0] == 'c' ? sp_condition_locked(&run->conditions[number])
                                 : sp_semaphore_locked(&run->semaphores[number]);
  say(value, "%d", locked);
  return 0;
}

/* --- events --- */

static sp_event *event_of(o_frame *frame, const o_op *self)
{
  return &frame->run->events[number_of(self->words[1])];
}

int op_ewait(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  return sp_event_wait(event_of(frame, self));
}

int op_eset(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  sp_event_set(event_of(frame, self));
  return 0;
}

int op_eclear(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  sp_event_clear(event_of(frame, self));
  return 0;
}

int op_eisset(o_frame *frame, const o_op *self, o_text *value)
{
  say(value, "%d", sp_event_is_set(event_of(frame, self)));
  return 0;
}

/* --- conditions --- */

static sp_condition *condition_of(o_frame *frame, const o_op *self)
{
  return &frame->run->conditions[number_of(self->words[1])];
}

int op_cwait(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  return sp_condition_wait(condition_of(frame, self));
}

typedef struct o_reached {
  const int *counter;
  int least;
} o_reached;

static int is_reached(void *arg)
{
  const o_reached *reached = arg;
  return *reached->counter >= reached->least;
}

int op_cwaitfor(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  o_reached goal = {&frame->run->counters[number_of(self->words[2])], atoi(self->words[3])};
  return sp_condition_wait_for(condition_of(frame, self), is_reached, &goal);
}

int op_notify(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  return sp_condition_notify(condition_of(frame, self), (size_t)atoi(self->words[2]));
}

int op_notifyall(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  return sp_condition_notify_all(condition_of(frame, self));
}

/* --- barriers --- */

static sp_barrier *barrier_of(o_frame *frame, const o_op *self)
{
  return &frame->run->barriers[number_of(self->words[1])];
}

int op_bwait(o_frame *frame, const o_op *self, o_text *value)
{
  int number = sp_barrier_wait(barrier_of(frame, self));
  if (number >= 0) say(value, "%d", number);
  return number;
}

int op_breset(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  return sp_barrier_reset(barrier_of(frame, self));
}

int op_babort(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  return sp_barrier_abort(barrier_of(frame, self));
}

int op_bstate(o_frame *frame, const o_op *self, o_text *value)
{
  const sp_barrier *barrier = barrier_of(frame, self);
  say(value, "%d %d %d", sp_barrier_parties(barrier), sp_barrier_n_waiting(barrier),
      sp_barrier_broken(barrier));
  return 0;
}

/* --- queues: an item is a number below 100, of which the tens are compared --- */

static char items[100];

int compare_items(const void *a, const void *b)
{
  return (int)((const char *)a - items) / 10 - (int)((const char *)b - items) / 10;
}

static void *item_of(const char *word) { return &items[atoi(word)]; }

static void say_item(o_text *value, const void *item)
{
  say(value, "%d", (int)((const char *)item - items));
}

static sp_queue *queue_of(o_frame *frame, const o_op *self)
{
  return frame->run->queues[number_of(self->words[1])];
}

int op_put(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  return sp_queue_put(queue_of(frame, self), item_of(self->words[2]));
}

int op_get(o_frame *frame, const o_op *self, o_text *value)
{
  void *item;
  int error = sp_queue_get(queue_of(frame, self), &item);
  if (error >= 0) say_item(value, item);
  return error;
}

int op_tryput(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  return sp_queue_put_nowait(queue_of(frame, self), item_of(self->words[2]));
}

int op_tryget(o_frame *frame, const o_op *self, o_text *value)
{
  void *item;
  int error = sp_queue_get_nowait(queue_of(frame, self), &item);
  if (error >= 0) say_item(value, item);
  return error;
}

int op_taskdone(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  return sp_queue_task_done(queue_of(frame, self));
}

int op_join(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  return sp_queue_join(queue_of(frame, self));
}

int op_shutdown(o_frame *frame, const o_op *self, o_text *value)
{
  (void)value;
  sp_queue_shutdown(queue_of(frame, self), self->word_count > 2);
  return 0;
}

int op_qstate(o_frame *frame, const o_op *self, o_text *value)
{
  const sp_queue *queue = queue_of(frame, self);
  say(value, "%zu %d %d %d", sp_queue_size(queue), sp_queue_maxsize(queue), sp_queue_empty(queue),
      sp_queue_full(queue));
  return 0;
}
