/* The library without -pthread: one thread, which needs no mutex. */
#include <string.h>

#include "host/host.h"
#include "host/js/js_host.h"

bool sp__js_wants_debug(void);

/* In C only where the program itself reads or changes it; that costs more than asking JavaScript. */
extern char **environ __attribute__((weak));

bool sp__host_wants_debug(void)
{
  static const char variable[] = "SPINDLE_DEBUG=";
  size_t length = sizeof variable - 1;
  if (!&environ) return sp__js_wants_debug();
  for (char **each = environ; each && *each; each++) {
    if (strncmp(*each, variable, length) == 0) return (*each)[length] != '\0';
  }
  return false;
}

struct sp__mutex {
  char unused;
};

struct sp__signal {
  char unused;
};

bool sp__host_has_threads(void) { return false; }

void sp__host_wake_from_thread(sp__host *host) { sp__host_wake(host); }

sp__mutex *sp__host_mutex_new(void)
{
  static sp__mutex mutex;
  return &mutex;
}

void sp__host_mutex_free(sp__mutex *mutex) { (void)mutex; }

void sp__host_mutex_lock(sp__mutex *mutex) { (void)mutex; }

void sp__host_mutex_unlock(sp__mutex *mutex) { (void)mutex; }

sp__signal *sp__host_signal_new(void)
{
  static sp__signal signal;
  return &signal;
}

void sp__host_signal_free(sp__signal *signal) { (void)signal; }

void sp__host_signal_wait(sp__signal *signal, sp__mutex *mutex, double seconds)
{
  (void)signal, (void)mutex, (void)seconds;
}

void sp__host_signal_one(sp__signal *signal) { (void)signal; }

void sp__host_signal_all(sp__signal *signal) { (void)signal; }

sp__thread *sp__host_thread_start(void (*fn)(void *arg), void *arg)
{
  (void)fn, (void)arg;
  return NULL;
}

void sp__host_thread_end(sp__thread *thread) { (void)thread; }
