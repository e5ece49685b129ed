/* The library without -pthread: one thread, which needs no mutex. */
#include <string.h>

#include "host/host.h"
#include "host/js/js_host.h"

bool sp__js_wants_debug(void);

/* Linked only where the program itself uses it; that costs more than asking JavaScript. */
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

struct sp__cond {
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

sp__cond *sp__host_cond_new(void)
{
  static sp__cond cond;
  return &cond;
}

void sp__host_cond_free(sp__cond *cond) { (void)cond; }

void sp__host_cond_wait(sp__cond *cond, sp__mutex *mutex, double seconds)
{
  (void)cond, (void)mutex, (void)seconds;
}

void sp__host_cond_signal(sp__cond *cond) { (void)cond; }

void sp__host_cond_broadcast(sp__cond *cond) { (void)cond; }

sp__thread *sp__host_thread_start(void (*fn)(void *arg), void *arg)
{
  (void)fn, (void)arg;
  return NULL;
}

void sp__host_thread_end(sp__thread *thread) { (void)thread; }
