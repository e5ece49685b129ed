/* The JavaScript host: browsers and Node. C's side of src/host/js/spindle.js. */
#include <emscripten.h>
#include <math.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/iteration.h"
#include "core/loop.h"
#include "host/host.h"
#include "host/js/js_host.h"
#include "spindle.h"
#include "switch/switch.h"
#include "switch/switch_state.h"

/* Short enough that a page stays responsive: a long task is one of 50 ms. */
const double sp__host_turn_budget = 4e-3;

static sp__host *running;

double sp__js_now(void);
void sp__js_wake(void);
bool sp__js_can_park(void);
int sp__js_park(void);
void sp__js_complain(const char *text);
void sp__js_open(uint32_t *unsuspendable_depth, const sp__switch_state *state);
int sp__js_columns(int fd);
void sp__js_forget_all(sp__host *host);

/* --- the loop --- */

void sp__host_complain(const char *text) { sp__js_complain(text); }

double sp__host_now(sp__host *host)
{
  (void)host;
  return sp__js_now();
}

int sp__host_check(void)
{
  return sp__js_can_park() ? 0 : sp__fail(SP_ENOTSUP, "only main() can run a loop");
}

sp__host *sp__host_open(sp_loop *loop)
{
  sp__js_open(&sp__unsuspendable_depth, &sp__switch_here);
  sp__host *host = calloc(1, sizeof *host);
  if (host) {
    host->loop = loop;
  } else {
    sp__fail(SP_ENOMEM, "no memory for an event loop");
  }
  return host;
}

void sp__host_close(sp__host *host)
{
  sp__js_forget_all(host);
  free(host);
}

int sp__host_run(sp__host *host)
{
  host->stopped = false;
  running = host;
  bool parked = sp__js_park() == 0;
  running = NULL;
  return parked ? 0 : sp__fail(SP_ENOMEM, NULL);
}

void sp__host_stop(sp__host *host) { host->stopped = true; }

void sp__host_wake(sp__host *host)
{
  if (host == running) sp__js_wake();
}

/* Runs a turn. Returns the seconds until the next is wanted, or -1 when the run has ended. */
EMSCRIPTEN_KEEPALIVE double sp__js_turn(void)
{
  double again = sp__loop_turn(running->loop);
  return running->stopped ? -1 : again;
}

EMSCRIPTEN_KEEPALIVE bool sp__js_interrupt(void)
{
  return running && sp__loop_interrupt(running->loop);
}

/* --- terminals --- */

int sp__host_columns(int fd) { return sp__js_columns(fd); }
