/* Messages from one task to another through a queue that has room for ROOM of them. Prints
 * nanoseconds a message. */
#include <spindle.h>

#include "measure.h"

enum { MESSAGES = 5000000 };

static int send(sp_queue *queue, int count)
{
  static int message;
  for (int i = 0; i < count; i++) {
    int error = sp_queue_put(queue, &message);
    if (error < 0) return error;
  }
  return 0;
}

static int produce(void *queue) { return send(queue, MESSAGES + MESSAGES / 5); }

static int receive(sp_queue *queue, int count)
{
  for (int i = 0; i < count; i++) {
    void *message;
    int error = sp_queue_get(queue, &message);
    if (error < 0) return error;
  }
  return 0;
}

static double seconds;

static int run(void *queue)
{
  sp_task *producer = sp_create_task(produce, queue);
  if (!producer) return SP_ENOMEM;
  int error = receive(queue, MESSAGES / 5);
  double began = wall_seconds();
  if (error >= 0) error = receive(queue, MESSAGES);
  seconds = wall_seconds() - began;
  int produced = sp_await(producer);
  return error < 0 ? error : produced;
}

int main(int count, char **words)
{
  int room = count == 2 ? atoi(words[1]) : 0;
  if (room < 1) return usage("message ROOM");
  sp_queue *queue = sp_queue_new(room);
  int error = queue ? sp_run(run, queue) : SP_ENOMEM;
  sp_queue_free(queue);
  return error < 0 ? EXIT_FAILURE : print_figure(seconds * 1e9 / MESSAGES);
}
