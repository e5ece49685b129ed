/* Queues: the tasks that wait to put, those that wait to get, and whether all items are done. */
#include <stdlib.h>

#include "core/error.h"
#include "core/items.h"
#include "core/suspend.h"
#include "core/sync.h"
#include "core/task.h"
#include "spindle.h"
#include "switch/switch.h"

struct sp_queue {
  sp__items items;
  sp__waiting getters;
  sp__waiting putters;
  sp_event finished; /* set while nothing is unfinished */
  size_t unfinished; /* items that were put and not yet reported done */
  int maxsize;
  bool is_shutdown;
};

static sp_queue *queue_new(int maxsize, enum sp__discipline discipline, sp_compare *compare)
{
  sp_queue *queue = malloc(sizeof *queue);
  if (!queue) {
    sp__fail(SP_ENOMEM, NULL);
    return NULL;
  }
  *queue = (sp_queue){.items = {.discipline = discipline, .compare = compare},
                      .finished = {.is_set = true},
                      .maxsize = maxsize};
  return queue;
}

sp_queue *sp_queue_new(int maxsize) { return queue_new(maxsize, SP__FIFO, NULL); }

sp_queue *sp_lifo_queue_new(int maxsize) { return queue_new(maxsize, SP__LIFO, NULL); }

sp_queue *sp_priority_queue_new(int maxsize, sp_compare *compare)
{
  return queue_new(maxsize, SP__PRIORITY, compare);
}

void sp_queue_free(sp_queue *queue)
{
  if (!queue) return;
  free(queue->items.ring);
  free(queue);
}

/* --- what is in it --- */

size_t sp_queue_size(const sp_queue *queue) { return queue->items.count; }

int sp_queue_maxsize(const sp_queue *queue) { return queue->maxsize; }

bool sp_queue_empty(const sp_queue *queue) { return queue->items.count == 0; }

bool sp_queue_full(const sp_queue *queue)
{
  return queue->maxsize > 0 && queue->items.count >= (size_t)queue->maxsize;
}

/* --- putting and getting --- */

/* Waits until the queue is no longer full, or empty. A woken task may find that another was
 * quicker, and waits again, last. A woken task that cannot continue wakes the next. */
SP__INLINE int wait_while(sp_queue *queue, bool (*blocked)(const sp_queue *queue),
                          sp__waiting *line, sp__task *task, const char *where)
{
  do {
    if (queue->is_shutdown) return sp__fail(SP_ESHUTDOWN, NULL);
    sp__waiting_task self;
    int error = sp__waiting_wait(line, &self, task, where);
    if (error < 0) {
      if (self.woken && !blocked(queue)) sp__waiting_wake(line);
      return error;
    }
  } while (blocked(queue));
  return 0;
}

SP__INLINE int put(sp_queue *queue, void *item)
{
  if (queue->is_shutdown) return sp__fail(SP_ESHUTDOWN, NULL);
  int error = sp__items_push(&queue->items, item);
  if (error < 0) return error;
  queue->unfinished++;
  queue->finished.is_set = false; /* a call here would cost as much as all the rest */
  sp__waiting_wake(&queue->getters);
  return 0;
}

int sp_queue_put_nowait(sp_queue *queue, void *item)
{
  bool refused = !queue->is_shutdown && sp_queue_full(queue);
  return refused ? sp__fail(SP_EFULL, NULL) : put(queue, item);
}

SP__TAIL int put_when_there_is_capacity(sp_queue *queue, void *item, sp__task *task,
                                        const char *where)
{
  int error = wait_while(queue, sp_queue_full, &queue->putters, task, where);
  if (error < 0) return error;
  error = put(queue, item);
  if (error == SP_ENOMEM) sp__waiting_wake(&queue->putters); /* the free slot is another's */
  return error;
}

int sp_queue_put_from(sp_queue *queue, void *item, const char *where)
{
  sp__task *task = sp__task_here();
  if (!task) return SP_ENOTASK;
  return sp_queue_full(queue) ? put_when_there_is_capacity(queue, item, task, where)
                              : sp_queue_put_nowait(queue, item);
}

SP__INLINE int get(sp_queue *queue, void **item)
{
  *item = sp__items_pop(&queue->items);
  sp__waiting_wake(&queue->putters);
  return 0;
}

int sp_queue_get_nowait(sp_queue *queue, void **item)
{
  if (sp_queue_empty(queue)) return sp__fail(queue->is_shutdown ? SP_ESHUTDOWN : SP_EEMPTY, NULL);
  return get(queue, item);
}

SP__TAIL int get_when_there_is_one(sp_queue *queue, void **item, sp__task *task, const char *where)
{
  int error = wait_while(queue, sp_queue_empty, &queue->getters, task, where);
  return error < 0 ? error : get(queue, item);
}

int sp_queue_get_from(sp_queue *queue, void **item, const char *where)
{
  sp__task *task = sp__task_here();
  if (!task) return SP_ENOTASK;
  return sp_queue_empty(queue) ? get_when_there_is_one(queue, item, task, where) : get(queue, item);
}

/* --- finishing items --- */

int sp_queue_task_done(sp_queue *queue)
{
  if (queue->unfinished == 0) return sp__fail(SP_EINVAL, "task_done() called too many times");
  if (--queue->unfinished == 0) sp_event_set(&queue->finished);
  return 0;
}

int sp_queue_join_from(sp_queue *queue, const char *where)
{
  if (!sp__task_here()) return SP_ENOTASK;
  return queue->unfinished > 0 ? sp_event_wait_from(&queue->finished, where) : 0;
}

static void drop_items(sp_queue *queue)
{
  size_t count = queue->items.count;
  queue->items.count = 0;
  queue->unfinished -= count < queue->unfinished ? count : queue->unfinished;
  if (queue->unfinished == 0) sp_event_set(&queue->finished);
}

void sp_queue_shutdown(sp_queue *queue, bool immediate)
{
  queue->is_shutdown = true;
  if (immediate) drop_items(queue);
  sp__waiting_wake_all(&queue->getters);
  sp__waiting_wake_all(&queue->putters);
}
