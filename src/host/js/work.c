/* Threads on the web: pthreads, in a build with -pthread; none in others. */
#include <emscripten.h>

#include "core/core.h"

#ifdef __EMSCRIPTEN_PTHREADS__
#include <pthread.h>

bool sp__js_has_threads(void);
void sp__js_work_done(sp__work *work);

bool sp__host_has_threads(void) { return sp__js_has_threads(); }

static void *in_thread(void *arg)
{
  sp__work *work = arg;
  sp__work_run(work);
  sp__js_work_done(work);
  return NULL;
}

bool sp__host_work_start(sp__host *host, sp__work *work)
{
  (void)host;
  pthread_t thread;
  if (pthread_create(&thread, NULL, in_thread, work) != 0) return false;
  pthread_detach(thread);
  return true;
}

EMSCRIPTEN_KEEPALIVE void sp__js_work_complete(sp__work *work)
{
  sp__op_complete(&work->op, work->result);
}

#else
bool sp__host_has_threads(void) { return false; }

bool sp__host_work_start(sp__host *host, sp__work *work)
{
  (void)host, (void)work;
  return false;
}
#endif
