/* Threads: libuv's, and the mutexes and condition variables that they share with the loop. */
#include <math.h>
#include <stdlib.h>

#include "host/host.h"
#include "host/uv/uv_host.h"

bool sp__host_has_threads(void) { return true; }

void sp__host_wake_from_thread(sp__host *host) { uv_async_send(&host->awake); }

/* --- mutexes --- */

struct sp__mutex {
  uv_mutex_t uv;
};

sp__mutex *sp__host_mutex_new(void)
{
  sp__mutex *mutex = malloc(sizeof *mutex);
  if (mutex && uv_mutex_init(&mutex->uv) == 0) return mutex;
  free(mutex);
  return NULL;
}

void sp__host_mutex_free(sp__mutex *mutex)
{
  uv_mutex_destroy(&mutex->uv);
  free(mutex);
}

void sp__host_mutex_lock(sp__mutex *mutex) { uv_mutex_lock(&mutex->uv); }

void sp__host_mutex_unlock(sp__mutex *mutex) { uv_mutex_unlock(&mutex->uv); }

/* --- condition variables --- */

struct sp__cond {
  uv_cond_t uv;
};

sp__cond *sp__host_cond_new(void)
{
  sp__cond *cond = malloc(sizeof *cond);
  if (cond && uv_cond_init(&cond->uv) == 0) return cond;
  free(cond);
  return NULL;
}

void sp__host_cond_free(sp__cond *cond)
{
  uv_cond_destroy(&cond->uv);
  free(cond);
}

/* Waits for longer than a year end early: they may wake spuriously. */
void sp__host_cond_wait(sp__cond *cond, sp__mutex *mutex, double seconds)
{
  if (isinf(seconds)) {
    uv_cond_wait(&cond->uv, &mutex->uv);
  } else {
    uv_cond_timedwait(&cond->uv, &mutex->uv, (uint64_t)(fmin(seconds, 3e7) * 1e9));
  }
}

void sp__host_cond_signal(sp__cond *cond) { uv_cond_signal(&cond->uv); }

void sp__host_cond_broadcast(sp__cond *cond) { uv_cond_broadcast(&cond->uv); }

/* --- threads --- */

struct sp__thread {
  uv_thread_t uv;
};

sp__thread *sp__host_thread_start(void (*fn)(void *arg), void *arg)
{
  sp__thread *thread = malloc(sizeof *thread);
  if (thread && uv_thread_create(&thread->uv, fn, arg) == 0) return thread;
  free(thread);
  return NULL;
}

void sp__host_thread_end(sp__thread *thread)
{
  uv_thread_join(&thread->uv);
  free(thread);
}
