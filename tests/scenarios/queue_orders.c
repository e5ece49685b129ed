/* First in first out; last in first out; least first, and of equals the one that heapq takes. */
#include <stdio.h>

#include "spindle.h"

enum { ITEMS = 40 };

typedef struct item {
  int priority;
  int number;
} item;

static int by_priority(const void *a, const void *b)
{
  return ((const item *)a)->priority - ((const item *)b)->priority;
}

/* Puts two and gets one, then gets the rest: the ring wraps around and grows on the way. */
static void show(const char *name, sp_queue *queue)
{
  static item items[ITEMS];
  void *got;
  printf("%s:", name);
  for (int i = 0; i < ITEMS; i++) {
    items[i] = (item){.priority = i * 7 % 5, .number = i};
    sp_queue_put_nowait(queue, &items[i]);
    if (i % 2 == 1 && sp_queue_get_nowait(queue, &got) == 0) {
      printf(" %d", ((const item *)got)->number);
    }
  }
  while (sp_queue_get_nowait(queue, &got) == 0) printf(" %d", ((const item *)got)->number);
  printf("\n");
  sp_queue_free(queue);
}

int main(void)
{
  show("fifo", sp_queue_new(0));
  show("lifo", sp_lifo_queue_new(0));
  show("priority", sp_priority_queue_new(0, by_priority));
  return 0;
}
