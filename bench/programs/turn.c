/* An empty turn: from the host's event loop into C and back there, with nothing to do. turn.js counts
 * them. Prints nanoseconds a turn. */
#include <emscripten.h>
#include <spindle.h>

#include "measure.h"

enum { WARM_UP = 20000, TURNS = 100000 };

void take_turns(int warm_up, int count);

static sp_future *taken;
static double figure;

EMSCRIPTEN_KEEPALIVE void turns_taken(double nanoseconds)
{
  figure = nanoseconds;
  sp_future_set_result(taken, 0);
}

static int run(void *arg)
{
  (void)arg;
  taken = sp_future_new();
  if (!taken) return SP_ENOMEM;
  take_turns(WARM_UP, TURNS);
  int error = sp_await(taken);
  sp_future_free(taken);
  return error;
}

int main(void)
{
  if (sp_run(run, NULL) < 0) return EXIT_FAILURE;
  return print_figure(figure);
}
