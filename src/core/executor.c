/* A pool of threads: concurrent.futures.ThreadPoolExecutor.
 *
 * Work waits in a queue, first in, first out. A thread is started only when more work waits than
 * threads are idle, and stays until the pool is freed. The pool is held by the program, its threads
 * and its work; whoever lets go of it last frees it. */
#include <math.h>
#include <stdlib.h>

#include "core/core.h"

enum { MOST_THREADS = 128 };

struct sp_executor {
  sp__mutex *mutex;
  sp__signal *work_came; /* or the end */
  sp__signal *work_done; /* all of it */
  sp__work *first, *last;
  int queued;
  int running;
  int idle; /* of the threads, also those that are about to begin */
  int thread_count, thread_limit;
  int holders;
  bool ending;
  sp__thread *threads[]; /* thread_count of them */
};

static void destroy(sp_executor *pool)
{
  if (pool->mutex) sp__host_mutex_free(pool->mutex);
  if (pool->work_came) sp__host_signal_free(pool->work_came);
  if (pool->work_done) sp__host_signal_free(pool->work_done);
  free(pool);
}

static void unlock_and_release(sp_executor *pool)
{
  bool unused = --pool->holders == 0;
  sp__host_mutex_unlock(pool->mutex);
  if (unused) destroy(pool);
}

void sp__executor_release(sp_executor *executor)
{
  sp__host_mutex_lock(executor->mutex);
  unlock_and_release(executor);
}

/* --- the queue --- */

static void append(sp_executor *pool, sp__work *work)
{
  work->next_in_queue = NULL;
  if (pool->last) {
    pool->last->next_in_queue = work;
  } else {
    pool->first = work;
  }
  pool->last = work;
  pool->queued++;
}

static bool remove_work(sp_executor *pool, const sp__work *work)
{
  sp__work *before = NULL;
  sp__work *found = pool->first;
  while (found && found != work) {
    before = found;
    found = found->next_in_queue;
  }
  if (!found) return false;
  if (before) {
    before->next_in_queue = found->next_in_queue;
  } else {
    pool->first = found->next_in_queue;
  }
  if (pool->last == found) pool->last = before;
  pool->queued--;
  return true;
}

/* --- a thread --- */

/* The thread is idle again before the loop hears of it: what it is given then needs no other. */
static void run_first(sp_executor *pool)
{
  sp__work *work = pool->first;
  remove_work(pool, work);
  pool->idle--;
  pool->running++;
  sp__host_mutex_unlock(pool->mutex);
  sp__work_run(work);
  sp__host_mutex_lock(pool->mutex);
  pool->idle++;
  if (--pool->running == 0 && pool->queued == 0) sp__host_signal_all(pool->work_done);
  sp__host_mutex_unlock(pool->mutex);
  sp__work_send_back(work);
  sp__host_mutex_lock(pool->mutex);
}

static void serve(void *arg)
{
  sp_executor *pool = arg;
  sp__host_mutex_lock(pool->mutex);
  for (;;) {
    if (pool->first) {
      run_first(pool);
    } else if (pool->ending) {
      break;
    } else {
      sp__host_signal_wait(pool->work_came, pool->mutex, INFINITY);
    }
  }
  unlock_and_release(pool);
}

static void start_thread(sp_executor *pool)
{
  sp__thread *thread = sp__host_thread_start(serve, pool);
  if (!thread) return;
  pool->threads[pool->thread_count++] = thread;
  pool->idle++;
  pool->holders++;
}

/* --- the loop's side --- */

bool sp__executor_start(sp_executor *pool, sp__work *work)
{
  sp__host_mutex_lock(pool->mutex);
  append(pool, work);
  if (pool->queued > pool->idle && pool->thread_count < pool->thread_limit) start_thread(pool);
  bool started = pool->thread_count > 0;
  if (started) {
    work->executor = pool;
    pool->holders++;
    sp__host_signal_one(pool->work_came);
  } else {
    remove_work(pool, work);
  }
  sp__host_mutex_unlock(pool->mutex);
  return started;
}

void sp__executor_take_back(sp__work *work)
{
  sp_executor *pool = work->executor;
  sp__host_mutex_lock(pool->mutex);
  bool taken = remove_work(pool, work);
  sp__host_mutex_unlock(pool->mutex);
  if (taken) sp__op_complete(&work->op, SP_ECANCELED);
}

/* --- life --- */

sp_executor *sp_executor_new(int threads)
{
  if (threads < 1 || threads > MOST_THREADS) {
    sp_fail(SP_EINVAL, "a pool has 1 to %d threads, not %d", MOST_THREADS, threads);
    return NULL;
  }
  sp_executor *pool = calloc(1, sizeof *pool + (size_t)threads * sizeof *pool->threads);
  if (!pool) {
    sp__fail(SP_ENOMEM, NULL);
    return NULL;
  }
  pool->thread_limit = threads;
  pool->holders = 1;
  pool->mutex = sp__host_mutex_new();
  pool->work_came = sp__host_signal_new();
  pool->work_done = sp__host_signal_new();
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
    sp__host_signal_wait(executor->work_done, executor->mutex, INFINITY);
  }
  executor->ending = true;
  sp__host_signal_all(executor->work_came);
  sp__host_mutex_unlock(executor->mutex);
  for (int i = 0; i < executor->thread_count; i++) sp__host_thread_end(executor->threads[i]);
  sp__executor_release(executor);
}
