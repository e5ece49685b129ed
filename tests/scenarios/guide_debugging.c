/* Two tasks take two locks in opposite orders and hang: the tree of tasks says where. */
#line 1 "transfer.c"
#include <stdio.h>

#include "spindle.h"

typedef struct account {
  sp_lock lock;
  int balance;
} account;

typedef struct transfer {
  account *from, *to;
  int amount;
} transfer;

static int move_money(void *arg)
{
  transfer *self = arg;
  int error = sp_lock_acquire(&self->from->lock);
  if (error < 0) return error;
  error = sp_sleep(0.1); /* asks the bank */
  if (error == 0) error = sp_lock_acquire(&self->to->lock);
  if (error == 0) {
    self->from->balance -= self->amount;
    self->to->balance += self->amount;
    sp_lock_release(&self->to->lock);
  }
  sp_lock_release(&self->from->lock);
  return error;
}

static void show_tasks(void *loop) { sp_print_tasks(loop); }

static int both(transfer *there, transfer *back)
{
  sp_task_group group;
  int error = sp_task_group_open(&group);
  if (error < 0) return error;
  error = sp_task_group_spawn(&group, move_money, there);
  if (error == 0) error = sp_task_group_spawn(&group, move_money, back);
  return sp_task_group_close(&group, error);
}

static int run(void *arg)
{
  (void)arg;
  account a = {.balance = 100}, b = {.balance = 100};
  transfer there = {&a, &b, 10}, back = {&b, &a, 20};
  sp_loop *loop = sp_loop_running();
  sp_handle watchdog = sp_loop_call_later(loop, 2, show_tasks, loop);
  int error = both(&there, &back);
  sp_handle_cancel(watchdog);
  return error;
}

int main(void)
{
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.virtual_clock = true});
  if (!loop) return 1;
  int result = sp_loop_run(loop, run, NULL);
  printf("%s\n", sp_error_name(result));
  sp_loop_free(loop);
  return result != SP_EDEADLOCK;
}
