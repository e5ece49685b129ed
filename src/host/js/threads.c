/* Threads on the web: pthreads, in the library that is built with -pthread. */
#include <emscripten/threading.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "host/host.h"
#include "host/js/js_host.h"

bool sp__js_has_threads(void);
bool sp__js_may_wait(void);
void sp__js_wake_from_thread(void);

/* A loop in another thread cannot ask the main thread's JavaScript, which may be waiting for it. */
bool sp__host_wants_debug(void)
{
  const char *asked = getenv("SPINDLE_DEBUG");
  return asked && *asked;
}

bool sp__host_has_threads(void) { return sp__js_has_threads(); }

void sp__host_wake_from_thread(sp__host *host)
{
  (void)host;
  sp__js_wake_from_thread();
}

/* --- mutexes --- */

struct sp__mutex {
  pthread_mutex_t posix;
};

sp__mutex *sp__host_mutex_new(void)
{
  sp__mutex *mutex = malloc(sizeof *mutex);
  if (mutex) pthread_mutex_init(&mutex->posix, NULL);
  return mutex;
}

void sp__host_mutex_free(sp__mutex *mutex)
{
  pthread_mutex_destroy(&mutex->posix);
  free(mutex);
}

void sp__host_mutex_lock(sp__mutex *mutex) { pthread_mutex_lock(&mutex->posix); }

void sp__host_mutex_unlock(sp__mutex *mutex) { pthread_mutex_unlock(&mutex->posix); }

/* --- condition variables --- */

struct sp__cond {
  pthread_cond_t posix;
};

sp__cond *sp__host_cond_new(void)
{
  sp__cond *cond = malloc(sizeof *cond);
  if (cond) pthread_cond_init(&cond->posix, NULL);
  return cond;
}

void sp__host_cond_free(sp__cond *cond)
{
  pthread_cond_destroy(&cond->posix);
  free(cond);
}

/* Waits for longer than a year end early: they may wake spuriously. */
static struct timespec after(double seconds)
{
  struct timespec when;
  timespec_get(&when, TIME_UTC);
  double whole = floor(fmin(seconds, 3e7));
  long nanoseconds = when.tv_nsec + (long)((fmin(seconds, 3e7) - whole) * 1e9);
  when.tv_sec += (time_t)whole + nanoseconds / 1000000000;
  when.tv_nsec = nanoseconds % 1000000000;
  return when;
}

/* A page's main thread may not block. Emscripten would busy-wait there, too, and warn of it. */
static void look_again(sp__mutex *mutex)
{
  pthread_mutex_unlock(&mutex->posix);
  emscripten_main_thread_process_queued_calls();
  pthread_mutex_lock(&mutex->posix);
}

void sp__host_cond_wait(sp__cond *cond, sp__mutex *mutex, double seconds)
{
  if (!sp__js_may_wait()) {
    look_again(mutex);
  } else if (isinf(seconds)) {
    pthread_cond_wait(&cond->posix, &mutex->posix);
  } else {
    struct timespec end = after(seconds);
    pthread_cond_timedwait(&cond->posix, &mutex->posix, &end);
  }
}

void sp__host_cond_signal(sp__cond *cond) { pthread_cond_signal(&cond->posix); }

void sp__host_cond_broadcast(sp__cond *cond) { pthread_cond_broadcast(&cond->posix); }

/* --- threads --- */

struct sp__thread {
  void (*fn)(void *arg);
  void *arg;
};

/* Where a thread returns, Emscripten checks whether its stack was overrun; and when the program
 * ends just then, that stack has been freed. It does not check a thread that exits. */
static void *begin(void *arg)
{
  sp__thread thread = *(sp__thread *)arg;
  free(arg);
  thread.fn(thread.arg);
  pthread_exit(NULL);
}

/* Keeps nothing of it: the main thread could not wait for its end. */
sp__thread *sp__host_thread_start(void (*fn)(void *arg), void *arg)
{
  static sp__thread detached;
  sp__thread *thread = malloc(sizeof *thread);
  pthread_t posix;
  if (!thread) return NULL;
  *thread = (sp__thread){.fn = fn, .arg = arg};
  if (pthread_create(&posix, NULL, begin, thread) != 0) {
    free(thread);
    return NULL;
  }
  pthread_detach(posix);
  return &detached;
}

void sp__host_thread_end(sp__thread *thread) { (void)thread; }
