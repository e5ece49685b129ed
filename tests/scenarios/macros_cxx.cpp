/* A coroutine may be a lambda, with commas of its own, and an argument that is copied a variable of any
 * type that bytes can be copied of. */
#include <cstdio>

#include "spindle.h"

struct job {
  int id;
  const char *word;
};

static int show(void *arg)
{
  job *own = static_cast<job *>(arg);
  std::printf("job %d: %s\n", own->id, own->word);
  return own->id;
}

static sp_task *make(int id)
{
  const job made = {id, "copied"};
  return sp_create_task_copy(show, &made);
}

static int copies(void *)
{
  sp_task *first = make(1), *second = make(2);
  job original = {3, "in a group"};
  job *pointer = &original;
  sp_task_group group;
  int result = sp_task_group_open(&group);
  if (result == 0) result = sp_task_group_spawn_copy(&group, show, pointer);
  original.id = 4;
  if (result == 0) {
    result = sp_task_group_spawn_copy(
        &group,
        [](void *arg) {
          int one = 1, two = 2;
          return show(arg) - one - two;
        },
        pointer);
  }
  original.word = "overwritten";
  result = sp_task_group_close(&group, result);
  int both = sp_await(first) + sp_await(second);
  return result < 0 ? result : both;
}

static int generates(void *)
{
  int numbers[] = {10, 20};
  sp_generator *generator = sp_generator_new_copy(
      [](sp_generator *self, void *arg) {
        int *own = static_cast<int *>(arg), error = 0;
        for (int i = 0; error == 0 && i < 2; i++) error = sp_yield(self, &own[i]);
        return error;
      },
      &numbers);
  numbers[0] = numbers[1] = 0;
  int sum = 0;
  for (void *value; sp_generator_next(generator, &value) > 0;) sum += *static_cast<int *>(value);
  sp_generator_free(generator);
  return sum;
}

static int from_afar(void *)
{
  job original = {5, "from afar"};
  sp_remote_task *remote = sp_run_coroutine_threadsafe_copy(sp_loop_running(), show, &original);
  original.id = 0;
  for (int i = 0; i < 10 && !sp_remote_task_done(remote); i++) sp_sleep(0);
  int result = sp_remote_task_result(remote, 0);
  sp_remote_task_free(remote);
  return result;
}

int main()
{
  std::printf("%d\n", sp_run(copies, nullptr));
  std::printf("%d\n", sp_run(generates, nullptr));
  std::printf("%d\n", sp_run(from_afar, nullptr));
  return sp_run(
      [](void *) {
        int first = 1, second = 2;
        sp_task *task = sp_create_task(
            [](void *arg) {
              int more[] = {10, 20};
              return *static_cast<int *>(arg) + more[1];
            },
            &first);
        std::printf("%d, %d\n", sp_await(task), second);
        return 0;
      },
      nullptr);
}
