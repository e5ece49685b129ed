/* A pool of threads: concurrent.futures.ThreadPoolExecutor. Each loop has one of its own, the
 * default executor, which also does file operations.
 *
 * Jobs wait in a FIFO queue. A thread is started only when more jobs wait than threads are idle,
 * and stays until the pool is freed. When no more threads can be started, the existing ones do all
 * jobs. The program or loop that created the pool, its threads and its work each have a reference;
 * the last to release it frees it. */
#include <math.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/executor.h"
#include "core/list.h"
#include "core/loop.h"
#include "core/mailbox.h"
#include "host/host.h"
#include "spindle.h"

enum { THREADS_MAX = 128, DEFAULT_THREADS = 4 };

struct sp_executor {
  sp__mutex *mutex;
  sp__cond *work_came; /* signals a job, or the end */
  sp__cond *work_done; /* signals that all jobs are done */
  struct {
    sp__job *first, *last;
  } jobs;
  int queued;
  int running;
  int idle; /* idle threads, those about to begin included */
  int thread_count, thread_limit;
  int refs;
  bool ending;
  sp__thread *threads[]; /* thread_count of them */
};

static void destroy(sp_executor *pool)
{
  if (pool->mutex) sp__host_mutex_free(pool->mutex);
  if (pool->work_came) sp__host_cond_free(pool->work_came);
  if (pool->work_done) sp__host_cond_free(pool->work_done);
  free(pool);
}

static void unlock_and_unref(sp_executor *pool)
{
  bool unused = --pool->refs == 0;
  sp__host_mutex_unlock(pool->mutex);
  if (unused) destroy(pool);
}

void sp__executor_unref(sp_executor *executor)
{
  sp__host_mutex_lock(executor->mutex);
  unlock_and_unref(executor);
}

void sp__executor_ref(sp_executor *executor)
{
  sp__host_mutex_lock(executor->mutex);
  executor->refs++;
  sp__host_mutex_unlock(executor->mutex);
}

/* --- the queue --- */

static void append(sp_executor *pool, sp__job *job)
{
  SP__LIST_APPEND(&pool->jobs, job);
  job->queued = true;
  pool->queued++;
}

static void take_out(sp_executor *pool, sp__job *job)
{
  SP__LIST_REMOVE(&pool->jobs, job);
  job->queued = false;
  pool->queued--;
}

/* --- a thread --- */

/* The thread counts as idle before the loop hears of the result: a job started then needs no
 * other. */
static void run_first(sp_executor *pool)
{
  sp__job *job = pool->jobs.first;
  take_out(pool, job);
  pool->idle--;
  pool->running++;
  sp__host_mutex_unlock(pool->mutex);
  job->run(job);
  sp__host_mutex_lock(pool->mutex);
  pool->idle++;
  if (--pool->running == 0 && pool->queued == 0) sp__host_cond_broadcast(pool->work_done);
  sp__host_mutex_unlock(pool->mutex);
  sp__mailbox_send(job->mailbox, &job->message);
  sp__host_mutex_lock(pool->mutex);
}

static void serve(void *arg)
{
  sp_executor *pool = arg;
  sp__host_mutex_lock(pool->mutex);
  for (;;) {
    if (pool->jobs.first) {
      run_first(pool);
    } else if (pool->ending) {
      break;
    } else {
      sp__host_cond_wait(pool->work_came, pool->mutex, INFINITY);
    }
  }
  unlock_and_unref(pool);
}

static void start_thread(sp_executor *pool)
{
  sp__thread *thread = sp__host_thread_start(serve, pool);
  if (!thread) return;
  pool->threads[pool->thread_count++] = thread;
  pool->idle++;
  pool->refs++;
}

/* --- the loop's side --- */

int sp__executor_start(sp_executor *pool, sp__job *job, sp_loop *loop)
{
  job->mailbox = loop->mailbox;
  sp__host_mutex_lock(pool->mutex);
  append(pool, job);
  if (pool->queued > pool->idle && pool->thread_count < pool->thread_limit) start_thread(pool);
  bool started = pool->thread_count > 0;
  if (started) {
    sp__host_cond_signal(pool->work_came);
  } else {
    take_out(pool, job);
  }
  sp__host_mutex_unlock(pool->mutex);
  return started ? 0
                 : sp__fail(SP_ENOMEM,
                            "cannot start a thread: check the limits of memory and "
                            "processes (ulimit -v, ulimit -u)");
}

bool sp__executor_take_back(sp_executor *pool, sp__job *job)
{
  sp__host_mutex_lock(pool->mutex);
  bool taken = job->queued;
  if (taken) take_out(pool, job);
  sp__host_mutex_unlock(pool->mutex);
  return taken;
}

sp_executor *sp__loop_executor(sp_loop *loop)
{
  if (!loop->threads.executor) loop->threads.executor = sp_executor_new(DEFAULT_THREADS);
  loop->threads.close = sp_executor_free;
  return loop->threads.executor;
}

/* --- lifetime --- */

sp_executor *sp_executor_new(int threads)
{
  if (threads < 1 || threads > THREADS_MAX) {
    sp_fail(SP_EINVAL, "the number of threads must be 1 to %d, not %d", THREADS_MAX, threads);
    return NULL;
  }
  sp_executor *pool = calloc(1, sizeof *pool + (size_t)threads * sizeof *pool->threads);
  if (!pool) {
    sp__fail(SP_ENOMEM, NULL);
    return NULL;
  }
  pool->thread_limit = threads;
  pool->refs = 1;
  pool->mutex = sp__host_mutex_new();
  pool->work_came = sp__host_cond_new();
  pool->work_done = sp__host_cond_new();
  if (pool->mutex && pool->work_came && pool->work_done) return pool;
  destroy(pool);
  sp__fail(SP_ENOMEM, NULL);
  return NULL;
}

void sp_executor_free(sp_executor *executor)
{
  if (!executor) return;
  sp__host_mutex_lock(executor->mutex);
  while (executor->queued > 0 || executor->running > 0) {
    sp__host_cond_wait(executor->work_done, executor->mutex, INFINITY);
  }
  executor->ending = true;
  sp__host_cond_broadcast(executor->work_came);
  sp__host_mutex_unlock(executor->mutex);
  for (int i = 0; i < executor->thread_count; i++) sp__host_thread_end(executor->threads[i]);
  sp__executor_unref(executor);
}
