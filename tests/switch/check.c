/* The switching seam by itself, without loop and host, so that it can be tried where libuv is not:
 * `aarch64-linux-gnu-gcc -static` and qemu run it for AArch64. Prints a line a behaviour; ends with
 * 0 if all hold. */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "switch/switch.h"

typedef struct owner {
  sp__coroutine coroutine;
  int number;
  double result;
} owner;

static sp__stacks *pool;
static int failures;

static void expect(bool holds, const char *behaviour)
{
  printf("%s %s\n", holds ? "ok" : "not ok", behaviour);
  failures += !holds;
}

void sp__coroutine_overran(const sp__coroutine *coroutine)
{
  const owner *whose = (const owner *)(const void *)coroutine;
  dprintf(STDERR_FILENO, "overran %d\n", whose->number);
}

static owner *follower; /* of the next one that ends, which is freed then */

sp__coroutine *sp__coroutine_ended(sp__coroutine *self)
{
  owner *next = follower;
  if (!next) return NULL;
  follower = NULL;
  sp__coroutine_free(self);
  return &next->coroutine;
}

static owner *start(int number, size_t stack_size, sp__entry *entry)
{
  owner *made = sp__coroutine_new(pool, sizeof *made, stack_size);
  if (!made) abort();
  made->coroutine.entry = entry;
  made->coroutine.arg = made;
  made->number = number;
  return made;
}

static void end(owner *gone) { sp__coroutine_free(&gone->coroutine); }

/* More integers and doubles than there are registers to keep, all live across each suspension. */
static int keeps_registers(void *arg)
{
  owner *mine = arg;
  volatile int start_number = mine->number;
  long a = start_number, b = a + 1, c = a + 2, d = a + 3, e = a + 4, f = a + 5;
  double p = a + 0.5, q = b + 0.5, r = c + 0.5, s = d + 0.5, t = e + 0.5, u = f + 0.5;
  for (int i = 0; i < 100; i++) {
    sp__coroutine_suspend(&mine->coroutine, NULL);
    a += b, b += c, c += d, d += e, e += f, f += 1;
    p += q, q += r, r += s, s += t, t += u, u += 1;
  }
  mine->result = (double)(a + b + c + d + e + f) + p + q + r + s + t + u;
  return start_number;
}

static double without_switching(int number)
{
  long a = number, b = a + 1, c = a + 2, d = a + 3, e = a + 4, f = a + 5;
  double p = a + 0.5, q = b + 0.5, r = c + 0.5, s = d + 0.5, t = e + 0.5, u = f + 0.5;
  for (int i = 0; i < 100; i++) {
    a += b, b += c, c += d, d += e, e += f, f += 1;
    p += q, q += r, r += s, s += t, t += u, u += 1;
  }
  return (double)(a + b + c + d + e + f) + p + q + r + s + t + u;
}

static void registers_are_kept(void)
{
  owner *owners[3];
  bool same = true;
  for (int i = 0; i < 3; i++) owners[i] = start(i * 17, 16384, keeps_registers);
  for (int round = 0; round <= 100; round++) {
    for (int i = 0; i < 3; i++) sp__coroutine_resume(&owners[i]->coroutine);
  }
  for (int i = 0; i < 3; i++) {
    same = same && owners[i]->coroutine.finished && owners[i]->coroutine.result == i * 17 &&
           owners[i]->result == without_switching(i * 17);
    end(owners[i]);
  }
  expect(same, "what is in registers is there after a switch");
}

static int aligned(void *arg)
{
  owner *mine = arg;
  char text[64];
  snprintf(text, sizeof text, "%.3f", 1.0 / mine->number); /* wants an aligned stack */
  mine->result = strtod(text, NULL);
  return 0;
}

static void stack_is_aligned(void)
{
  owner *one = start(8, 16384, aligned);
  sp__coroutine_resume(&one->coroutine);
  expect(one->coroutine.finished && one->result == 0.125, "a new stack is aligned for any C");
  end(one);
}

/* Its first byte says how many there are. */
static int sums_up(void *arg)
{
  const unsigned char *copy = arg;
  char text[64];
  snprintf(text, sizeof text, "%.3f", 1.0 / 8); /* wants an aligned stack */
  int sum = 0;
  for (int i = 0; i < copy[0]; i++) sum += copy[i];
  return strcmp(text, "0.125") == 0 && (uintptr_t)arg % 16 == 0 ? sum : -1;
}

static void arguments_are_copied(void)
{
  bool whole = true;
  for (int size = 1; size <= 100; size++) {
    unsigned char original[100];
    memset(original, 1, sizeof original);
    original[0] = (unsigned char)size;
    owner *one = sp__coroutine_new_copying(pool, sizeof *one, 16384, original, (size_t)size);
    if (!one) abort();
    one->coroutine.entry = sums_up;
    memset(original, 255, sizeof original);
    sp__coroutine_resume(&one->coroutine);
    whole &= one->coroutine.finished && one->coroutine.result == size + size - 1;
    end(one);
  }
  expect(whole, "an argument's copy is whole and aligned, and so is the stack below it");
}

static void stacks_are_reused(void)
{
  owner *one = start(1, 65536, aligned);
  sp__coroutine_resume(&one->coroutine);
  end(one);
  owner *again = start(2, 65536, aligned);
  expect(again == one && !again->coroutine.finished && again->result == 0,
         "a freed stack is the next to be used, its owner zeroed");
  sp__coroutine_resume(&again->coroutine);
  end(again);
}

static void an_end_leads_on(void)
{
  if (!SP__SWITCH_DIRECT) return;
  owner *first = start(4, 65536, aligned);
  owner *second = start(8, 65536, aligned);
  follower = second;
  sp__coroutine_resume(&first->coroutine);
  expect(second->coroutine.finished && second->result == 0.125,
         "one that ends goes on with another, though its stack is free by then");
  owner *again = start(2, 65536, aligned);
  expect(again == first, "that stack is the next to be used");
  end(again);
  end(second);
}

static int fill(volatile char *above, int depth)
{
  volatile char frame[256];
  frame[depth % 256] = above[0];
  return depth == 0 ? frame[0] : fill(frame, depth - 1) + frame[depth % 256];
}

static int overruns(void *arg)
{
  (void)arg;
  volatile char first[1] = {1};
  return fill(first, 100000);
}

static void runs_into_its_guard(int message)
{
  dup2(message, STDERR_FILENO);
  sp__coroutine_resume(&start(7, 16384, overruns)->coroutine);
  _exit(0);
}

static void overrun_is_noticed(void)
{
  int ends[2];
  char text[64] = "";
  int status = 0;
  fflush(stdout);
  if (pipe(ends) != 0) abort();
  pid_t child = fork();
  if (child == 0) runs_into_its_guard(ends[1]);
  close(ends[1]);
  waitpid(child, &status, 0);
  bool said = read(ends[0], text, sizeof text - 1) > 0 && strncmp(text, "overran 7\n", 10) == 0;
  expect(said && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
         "an overrun stack ends the program, and its owner is named");
}

int main(void)
{
  pool = sp__stacks_new();
  if (!pool || !sp__switch_open()) return 1;
  registers_are_kept();
  stack_is_aligned();
  arguments_are_copied();
  stacks_are_reused();
  an_end_leads_on();
  overrun_is_noticed();
  sp__switch_close();
  sp__stacks_free(pool);
  return failures > 0;
}
