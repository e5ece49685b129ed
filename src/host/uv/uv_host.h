/* The libuv host, as its own files see it. */
#ifndef SP_UV_HOST_H
#define SP_UV_HOST_H

#include <uv.h>

#include "host/host.h"
#include "spindle.h"

typedef struct sp__curl sp__curl;
typedef struct sp__writing sp__writing;

/* What a task asked of a transfer (http/submission.c). */
typedef struct sp__submission {
  struct sp__submission *previous, *next;
} sp__submission;

/* What HTTP does for a host that has begun requests. Reached through this, so that a program
 * without requests does not load libcurl and the thirty libraries that it needs: those take 5
 * ms. */
typedef struct sp__http {
  void (*carry_out)(sp__host *host); /* fetch.c: after a turn */
  void (*close_all)(
      sp__host *host); /* session.c: ends what libcurl holds, before the loop closes */
} sp__http;

struct sp__host {
  uv_loop_t uv;
  sp_loop *loop;
  uv_check_t check; /* after the poll: the turn */
  uv_idle_t idle;   /* keeps the poll from blocking while something is ready */
  uv_timer_t timer; /* one for all of the loop's timers: wakes the poll at the earliest */
  uv_signal_t sigint;
  bool has_sigint;
  uv_async_t awake; /* wakes the poll from other threads, and keeps the loop alive while tasks wait
                       for nothing that libuv knows of */
  const sp__http *http; /* NULL: nothing was begun yet */
  sp__curl *curl;       /* for requests without a session; made when the first of them needs it */
  struct {
    sp__curl *first, *last;
  } curls;
  bool has_unused; /* one of them is */
  struct {
    sp__submission *first, *last;
  } submissions;
  struct {
    sp__writing *first, *last;
  } writings;
  size_t jobs; /* that the executor's threads have */
};

/* file.c: gives the executor what was written during a turn, after it. */
void sp__files_carry_out(sp__host *host);

/* Waits for its jobs: called when the loop closes. */
void sp__files_close(sp__host *host);

/* spindle's code for one of libuv's. */
int sp__uv_error(int uv_error);

/* descriptors.c: has the process's table of open files grow now, if no thread makes that slow; by a
 * copy of any descriptor, which is closed again. If that fails, it grows later. */
void sp__descriptors_reserve(int any);

#endif
