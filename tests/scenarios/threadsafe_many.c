/* Thousands of calls from several threads: none is lost, and each thread's come in its order.
 * @threads */
#include <stdio.h>

#include "spindle.h"

enum { THREADS = 4, CALLS = 5000 };

typedef struct sender {
  sp_loop *loop;
  int received;
  int out_of_order;
  struct letter {
    struct sender *from;
    int number;
  } letters[CALLS];
} sender;

static void receive(void *arg)
{
  struct letter *letter = arg;
  sender *from = letter->from;
  if (letter->number != from->received) from->out_of_order++;
  from->received++;
}

static int send(void *arg)
{
  sender *self = arg;
  for (int i = 0; i < CALLS; i++) {
    self->letters[i] = (struct letter){.from = self, .number = i};
    sp_handle call = sp_loop_call_soon_threadsafe(self->loop, receive, &self->letters[i]);
    if (!call.call) return SP_ENOMEM;
  }
  return 0;
}

static int in_thread(void *arg) { return sp_to_thread(send, arg); }

static int run(void *arg)
{
  (void)arg;
  static sender senders[THREADS];
  sp_task *tasks[THREADS];
  for (int i = 0; i < THREADS; i++) {
    senders[i].loop = sp_loop_running();
    tasks[i] = sp_create_task(in_thread, &senders[i]);
  }
  for (int i = 0; i < THREADS; i++) {
    int result = sp_await(tasks[i]);
    printf("%d: %d received, %d out of order\n", result, senders[i].received,
           senders[i].out_of_order);
  }
  return 0;
}

int main(void) { return sp_run(run, NULL); }
