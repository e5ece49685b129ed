/* C++ exceptions belong to their task: thrown, caught, thrown again, kept and nested in a thousand tasks that
 * suspend in catch blocks and in the destructors that an exception runs. */
#include <cstdint>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

#include "spindle.h"

namespace {

int wrong;

void expect(bool right, const char *what, int task)
{
  if (right) return;
  if (wrong++ < 10) std::printf("task %d: %s\n", task, what);
}

class random_numbers {
 public:
  explicit random_numbers(int seed) : state_(static_cast<std::uint32_t>(seed) * 2654435761U + 1) {}
  int below(int most)
  {
    state_ = state_ * 1664525U + 1013904223U;
    return static_cast<int>(state_ >> 16) % most;
  }

 private:
  std::uint32_t state_;
};

struct player {
  int number;
  random_numbers random;

  void suspend()
  {
    int error = random.below(3) ? sp_sleep(0) : sp_sleep(random.below(20) * 1e-4);
    expect(error == 0, "the sleep failed", number);
  }

  void play(int depth);
  void throw_through_destructor(int depth);
  void throw_again(int depth);
  void keep(int depth);
  void catch_two_types(int depth);
  void catch_within_destructor(int depth);
};

struct failure : std::runtime_error {
  failure(int of_task, int at_depth)
      : std::runtime_error(std::to_string(of_task) + "/" + std::to_string(at_depth)),
        task(of_task),
        depth(at_depth)
  {
  }
  int task;
  int depth;
};

/* Suspends when an exception destroys it. */
struct suspends_at_end {
  player &self;
  int depth;

  ~suspends_at_end()
  {
    int before = std::uncaught_exceptions();
    self.suspend();
    expect(std::uncaught_exceptions() == before, "the uncaught ones were counted wrong",
           self.number);
  }
};

/* And throws and catches there. */
struct plays_at_end {
  player &self;
  int depth;

  ~plays_at_end()
  {
    self.suspend();
    self.play(depth - 1);
    self.suspend();
  }
};

void check(const player &self, const failure &caught, int depth)
{
  expect(caught.task == self.number && caught.depth == depth, "another's exception was caught",
         self.number);
  std::string text = std::to_string(self.number) + "/" + std::to_string(depth);
  expect(text == caught.what(), "the exception has another's text", self.number);
}

void player::throw_through_destructor(int depth)
{
  try {
    suspends_at_end end{*this, depth};
    suspend();
    throw failure(number, depth);
  } catch (const failure &caught) {
    check(*this, caught, depth);
  }
}

void player::throw_again(int depth)
{
  try {
    try {
      throw failure(number, depth);
    } catch (const failure &) {
      suspend();
      play(depth - 1);
      suspend();
      throw;
    }
  } catch (const failure &caught) {
    suspend();
    check(*this, caught, depth);
  }
}

void player::keep(int depth)
{
  std::exception_ptr kept;
  try {
    throw failure(number, depth);
  } catch (...) {
    suspend();
    kept = std::current_exception();
  }
  play(depth - 1);
  suspend();
  try {
    std::rethrow_exception(kept);
  } catch (const failure &caught) {
    suspend();
    check(*this, caught, depth);
    expect(std::current_exception() == kept, "another exception is the current one", number);
  }
}

void player::catch_two_types(int depth)
{
  try {
    suspends_at_end end{*this, depth};
    if (random.below(2)) throw number;
    throw failure(number, depth);
  } catch (int caught) {
    suspend();
    expect(caught == number, "another's number was caught", number);
  } catch (const std::exception &caught) {
    suspend();
    check(*this, dynamic_cast<const failure &>(caught), depth);
  }
}

void player::catch_within_destructor(int depth)
{
  try {
    plays_at_end end{*this, depth};
    suspends_at_end other{*this, depth};
    throw failure(number, depth);
  } catch (const failure &caught) {
    play(depth - 1);
    check(*this, caught, depth);
  }
}

void player::play(int depth)
{
  if (depth == 0) return;
  bool had = std::current_exception() != nullptr;
  switch (random.below(5)) {
    case 0:
      throw_through_destructor(depth);
      break;
    case 1:
      throw_again(depth);
      break;
    case 2:
      keep(depth);
      break;
    case 3:
      catch_two_types(depth);
      break;
    default:
      catch_within_destructor(depth);
      break;
  }
  expect((std::current_exception() != nullptr) == had, "the caught ones were counted wrong",
         number);
}

int plays(void *arg)
{
  int number = static_cast<int>(reinterpret_cast<std::intptr_t>(arg));
  player self{number, random_numbers(number)};
  expect(!std::current_exception() && std::uncaught_exceptions() == 0, "it begins with another's",
         number);
  for (int round = 0; round < 5; round++) self.play(3);
  expect(!std::current_exception() && std::uncaught_exceptions() == 0, "one is left", number);
  return 0;
}

/* A loop that throws past what has suspended leaves nothing on its stack. */
void suspends_deep()
{
  volatile char room[4000];
  room[0] = 1;
  int error = sp_sleep(0);
  throw error + room[0];
}

int throws_often(void *arg)
{
  int caught = 0;
  for (int i = 0; i < 100; i++) {
    try {
      suspends_deep();
    } catch (int one) {
      caught += one;
    }
  }
  *static_cast<int *>(arg) = caught;
  return 0;
}

int run(void *)
{
  enum { TASKS = 1000 };
  static sp_task *tasks[TASKS];
  for (int i = 0; i < TASKS; i++) {
    tasks[i] = sp_create_task(plays, reinterpret_cast<void *>(static_cast<std::intptr_t>(i + 1)));
    if (!tasks[i]) return SP_ENOMEM;
  }
  for (sp_task *task : tasks) {
    if (sp_await(task) < 0) wrong++;
  }
  std::printf("%d tasks, %d wrong\n", TASKS, wrong);
  int caught = 0;
  int error = sp_await(sp_create_task(throws_often, &caught));
  std::printf("caught %d\n", caught);
  return error;
}

}  // namespace

int main()
{
  try {
    throw failure(0, 0);
  } catch (const failure &) {
    int result = sp_run(run, nullptr); /* main() is parked in a catch block */
    std::printf("%s\n", std::current_exception() ? "main's exception is still caught" : "lost");
    return result;
  }
}
