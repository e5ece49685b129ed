/* A test that takes no time, and one whose race a seed finds. */
#include <stdio.h>

#include "spindle.h"

/* --- the code that is tested --- */

/* Tries until it works, after 1, 2, 4, ... seconds. Returns the number of tries. */
static int retry(bool (*attempt)(void), int most)
{
  double pause = 1;
  for (int tries = 1; tries <= most; tries++, pause *= 2) {
    if (attempt()) return tries;
    int error = sp_sleep(pause);
    if (error < 0) return error;
  }
  return SP_ETIMEDOUT;
}

typedef struct channel {
  sp_event ready; /* a race: what is announced before anybody waits is not seen */
} channel;

static int announce(void *arg)
{
  channel *self = arg;
  sp_event_set(&self->ready);
  sp_event_clear(&self->ready);
  return 0;
}

static int hear(void *arg) { return sp_event_wait(&((channel *)arg)->ready); }

/* --- its tests --- */

static int calls;
static bool works_at_last(void) { return ++calls == 12; }

static int test_retry(void *arg)
{
  (void)arg;
  double began = sp_loop_time(sp_loop_running());
  int tries = retry(works_at_last, 20);
  printf("%d tries in %.0f s\n", tries, sp_loop_time(sp_loop_running()) - began);
  return tries == 12 ? 0 : sp_fail(SP_EUSER, "%d tries", tries);
}

static int test_channel(void *arg)
{
  (void)arg;
  channel tested = {0};
  sp_task *tasks[] = {sp_create_task(hear, &tested), sp_create_task(announce, &tested)};
  return sp_gather_all(tasks, 2, NULL);
}

static int run_test(sp_coroutine *test, const sp_loop_options *options)
{
  sp_loop *loop = sp_loop_new(options);
  if (!loop) return SP_ENOMEM;
  int result = sp_loop_run(loop, test, NULL);
  sp_loop_free(loop);
  return result;
}

int main(void)
{
  int result = run_test(test_retry, &(sp_loop_options){.virtual_clock = true});
  if (result < 0) return 1;
  for (unsigned seed = 0; seed < 5; seed++) {
    result = run_test(test_channel, &(sp_loop_options){.virtual_clock = true, .order_seed = seed});
    printf("seed %u: %s\n", seed, result < 0 ? sp_error_name(result) : "passed");
  }
  return 0;
}
