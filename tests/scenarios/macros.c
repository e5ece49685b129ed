/* Arguments of the calls may have commas of their own. */
#include <stdio.h>

#include "spindle.h"

static int named(void *arg)
{
  (void)arg;
  printf("%s: %s\n", sp_task_name(sp_task_current()), sp_task_coro_name(sp_task_current()));
  return 0;
}

typedef struct job {
  int id;
  int parts[2];
} job;

static int add(void *arg)
{
  const job *own = arg;
  printf("%d + %d + %d\n", own->id, own->parts[0], own->parts[1]);
  return own->id + own->parts[0] + own->parts[1];
}

static int sum(void *arg)
{
  const int *numbers = *(const int(*)[3])arg;
  return numbers[0] + numbers[1] + numbers[2];
}

static int yield_parts(sp_generator *self, void *arg)
{
  job *own = arg;
  int error = sp_yield(self, &own->parts[0]);
  return error < 0 ? error : sp_yield(self, &own->parts[1]);
}

static int copies(void)
{
  sp_task_group group;
  const job constant = {.id = 4, .parts = {5, 6}};
  int numbers[] = {7, 8, 9}, result = sp_task_group_open(&group);
  if (result < 0) return result;
  sp_task_group_spawn_copy(&group, add, &(job){.id = 1, .parts = {2, 3}});
  sp_task_group_spawn_copy(&group, add, &constant);
  sp_task *task = sp_create_task_copy(sum, &numbers);
  numbers[0] = 0;
  printf("%d\n", sp_await(task));
  return sp_task_group_close(&group, sp_await(sp_create_task_copy(add, &(job){10, {11, 12}})));
}

static int generates(void)
{
  int total = 0;
  sp_generator *parts = sp_generator_new_copy(yield_parts, &(job){.id = 1, .parts = {20, 3}});
  for (void *part; sp_generator_next(parts, &part) > 0;) total += *(int *)part;
  sp_generator_free(parts);
  return total;
}

static int from_afar(void)
{
  sp_remote_task *remote =
      sp_run_coroutine_threadsafe_copy(sp_loop_running(), add, &(job){30, .parts = {31, 32}});
  for (int i = 0; i < 10 && !sp_remote_task_done(remote); i++) sp_sleep(0);
  int result = sp_remote_task_result(remote, 0);
  sp_remote_task_free(remote);
  return result;
}

static int run(void *arg)
{
  sp_response response;
  sp_await(
      sp_create_task_with(named, arg, &(sp_task_options){.name = "compound", .stack_size = 32768}));
  int result =
      sp_fetch("ftp://host/", &(sp_fetch_options){.timeout = 5, .method = "PUT"}, &response);
  printf("fetch: %s\n", sp_error_name(result));
  sp_task *both[] = {sp_create_task(named, arg), sp_create_task(named, arg)};
  result = sp_gather(((sp_task *[]){both[0], both[1]}), 2, (int[]){0, 0});
  printf("%d\n", copies());
  printf("%d\n", generates());
  printf("%d\n", from_afar());
  return result;
}

int main(void)
{
  return sp_run_with(run, NULL, &(sp_task_options){.name = "main", .stack_size = 65536});
}
