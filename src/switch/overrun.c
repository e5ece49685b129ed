/* Detecting a stack overrun natively: a signal handler, on a stack of its own, tells a touched
 * guard page from any other fault, which it passes on to the previous handler. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "switch/stacks.h"
#include "switch/switch.h"

_Thread_local sp__coroutine *sp__running;

enum { HANDLER_STACK = 65536 };

static pthread_once_t installed = PTHREAD_ONCE_INIT;
static struct sigaction previous_segv, previous_bus;
static _Thread_local void *handler_stack;

void sp__stack_overran(const sp__coroutine *coroutine)
{
  sp__coroutine_overran(coroutine);
  abort();
}

static void pass_on(int number, siginfo_t *info, void *context)
{
  const struct sigaction *previous = number == SIGBUS ? &previous_bus : &previous_segv;
  if (previous->sa_flags & SA_SIGINFO) {
    previous->sa_sigaction(number, info, context);
  } else if (previous->sa_handler == SIG_DFL || previous->sa_handler == SIG_IGN) {
    (void)sigaction(number, previous, NULL); /* the fault recurs, and has its usual effect */
  } else {
    previous->sa_handler(number);
  }
}

static void on_fault(int number, siginfo_t *info, void *context)
{
  const sp__coroutine *running = sp__running;
  if (running && sp__stack_is_guard(running, info->si_addr)) sp__stack_overran(running);
  pass_on(number, info, context);
}

static void install(void)
{
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  (void)sigaction(SIGSEGV, &action, &previous_segv);
  (void)sigaction(SIGBUS, &action, &previous_bus);
}

/* A thread that already has a stack for its signals keeps it. */
bool sp__switch_open(void)
{
  stack_t now;
  pthread_once(&installed, install);
  if (sigaltstack(NULL, &now) != 0 || !(now.ss_flags & SS_DISABLE)) return true;
  handler_stack = malloc(HANDLER_STACK);
  if (!handler_stack) return false;
  stack_t ours = {.ss_sp = handler_stack, .ss_size = HANDLER_STACK};
  return sigaltstack(&ours, NULL) == 0;
}

void sp__switch_close(void)
{
  if (!handler_stack) return;
  stack_t none = {.ss_flags = SS_DISABLE};
  (void)sigaltstack(&none, NULL);
  free(handler_stack);
  handler_stack = NULL;
}
