/* The libuv host: when a turn runs, and what wakes it.
 *
 * The turn runs right after libuv has polled, as asyncio runs its callbacks after its select. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/iteration.h"
#include "core/loop.h"
#include "core/ready.h"
#include "host/host.h"
#include "host/uv/uv_host.h"
#include "spindle.h"

const double sp__host_turn_budget = 1e-3;

void sp__host_complain(const char *text)
{
  if (write(STDERR_FILENO, text, strlen(text)) < 0) return; /* nobody left to tell */
}

bool sp__host_wants_debug(void)
{
  const char *asked = getenv("SPINDLE_DEBUG");
  return asked && *asked;
}

int sp__host_check(void) { return 0; }

double sp__host_now(sp__host *host)
{
  (void)host;
  return (double)uv_hrtime() * 1e-9;
}

/* --- turns --- */

static void poll_at_once(uv_idle_t *idle) { (void)idle; }

/* The turn comes after the poll. A timer that is due before libuv polls, because the thread was
 * kept from running meanwhile, must keep the poll from blocking. */
static void timer_due(uv_timer_t *timer)
{
  sp__host *host = timer->data;
  uv_idle_start(&host->idle, poll_at_once);
}

/* libuv counts in milliseconds, from a clock it read before the turn. */
static void arm_timer(sp__host *host, double seconds)
{
  if (isinf(seconds)) {
    uv_timer_stop(&host->timer);
    return;
  }
  uv_update_time(&host->uv);
  uv_timer_start(&host->timer, timer_due, (uint64_t)fmin(ceil(seconds * 1000), 1e12), 0);
}

static void turn(uv_check_t *check)
{
  sp__host *host = check->data;
  double again = sp__loop_turn(host->loop);
  if (host->writings.first) sp__files_carry_out(host);
  if (host->submissions.first || host->has_unused) host->http->carry_out(host);
  if (again > 0 && sp__ready_count(&host->loop->ready) == 0) {
    uv_idle_stop(&host->idle);
    arm_timer(host, again);
  } else {
    uv_idle_start(&host->idle, poll_at_once);
  }
}

void sp__host_wake(sp__host *host)
{
  if (!uv_is_closing((uv_handle_t *)&host->idle)) uv_idle_start(&host->idle, poll_at_once);
}

static void on_sigint(uv_signal_t *signal, int number)
{
  sp__host *host = signal->data;
  if (sp__loop_interrupt(host->loop)) return;
  uv_signal_stop(signal); /* the default action again: the process ends */
  raise(number);
}

/* How many loops handle it, each in a thread of its own: Ctrl-C is for all of them. */
static atomic_int sigint_loops;

/* A program that handles Ctrl-C itself, or was started to ignore it, continues to do so. */
static bool sigint_is_free(void)
{
  struct sigaction now;
  if (atomic_load(&sigint_loops) > 0) return true;
  return sigaction(SIGINT, NULL, &now) == 0 && now.sa_handler == SIG_DFL;
}

static void give_sigint_back(sp__host *host)
{
  uv_signal_stop(&host->sigint);
  if (host->has_sigint) atomic_fetch_sub(&sigint_loops, 1);
  host->has_sigint = false;
}

static int take_sigint(sp__host *host)
{
  if (!sigint_is_free()) return 0;
  atomic_fetch_add(&sigint_loops, 1);
  host->has_sigint = true;
  if (uv_signal_start(&host->sigint, on_sigint, SIGINT) == 0) return 0;
  give_sigint_back(host);
  return SP_ENOMEM;
}

int sp__host_run(sp__host *host)
{
  if (take_sigint(host) < 0) return sp__fail(SP_ENOMEM, NULL);
  sp__host_wake(host);
  uv_run(&host->uv, UV_RUN_DEFAULT);
  give_sigint_back(host);
  return 0;
}

void sp__host_stop(sp__host *host) { uv_stop(&host->uv); }

/* --- opening and closing --- */

static void on_awake(uv_async_t *async)
{
  (void)async; /* the turn after the poll finds what came */
}

static int open_handles(sp__host *host)
{
  uv_loop_t *uv = &host->uv;
  int error = uv_async_init(uv, &host->awake, on_awake);
  if (error < 0) return error;
  uv_check_init(uv, &host->check);
  uv_idle_init(uv, &host->idle);
  uv_timer_init(uv, &host->timer);
  error = uv_signal_init(uv, &host->sigint);
  if (error < 0) return error;
  host->check.data = host->timer.data = host->sigint.data = host;
  uv_check_start(&host->check, turn);
  return 0;
}

static void close_handle(uv_handle_t *handle, void *arg)
{
  (void)arg;
  if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

static void close_loop(sp__host *host)
{
  uv_walk(&host->uv, close_handle, NULL);
  uv_run(&host->uv, UV_RUN_DEFAULT);
  if (uv_loop_close(&host->uv) != 0) abort();
}

/* A program may be started without stdin, stdout or stderr. What is opened next would take their
 * numbers, and be written to; libuv refuses to close such files. */
static void fill_standard_files(void)
{
  for (int file = 0; file <= STDERR_FILENO; file++) {
    bool missing = fcntl(file, F_GETFD) < 0 && errno == EBADF;
    if (missing && open("/dev/null", O_RDWR) < 0) return;
  }
}

static int open_uv(sp__host *host)
{
  int error = uv_loop_init(&host->uv);
  if (error < 0) return error;
  sp__descriptors_reserve(uv_backend_fd(&host->uv));
  error = open_handles(host);
  if (error < 0) close_loop(host);
  return error;
}

/* A loop needs descriptors of its own: for the poll, and for its wake-ups. */
static void refuse(int error)
{
  char text[160];
  bool too_many = error == UV_EMFILE || error == UV_ENFILE;
  snprintf(text, sizeof text, "cannot open an event loop: %s%s", uv_strerror(error),
           error == UV_EMFILE ? " (ulimit -n)" : "");
  sp__fail(too_many ? SP_EIO : SP_ENOMEM, text);
}

sp__host *sp__host_open(sp_loop *loop)
{
  fill_standard_files();
  sp__host *host = calloc(1, sizeof *host);
  int error = UV_ENOMEM;
  if (host) {
    host->loop = loop;
    error = open_uv(host);
  }
  if (error == 0) return host;
  free(host);
  refuse(error);
  return NULL;
}

void sp__host_close(sp__host *host)
{
  if (host->http) host->http->close_all(host);
  sp__files_close(host);
  close_loop(host);
  free(host);
}
