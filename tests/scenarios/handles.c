/* What a handle knows of its call: whether it was taken back, and when it comes. */
#include <math.h>
#include <stdio.h>

#include "spindle.h"

static void called(void *arg) { printf("%s\n", (const char *)arg); }

static void show(const char *what, sp_handle handle)
{
  printf("%s: %scancelled", what, sp_handle_cancelled(handle) ? "" : "not ");
  double when = sp_handle_when(handle);
  if (!isnan(when)) printf(", comes at %.1f", when);
  printf("\n");
}

static int run(void *arg)
{
  sp_loop *loop = arg;
  sp_handle soon = sp_loop_call_soon(loop, called, "soon");
  sp_handle later = sp_loop_call_later(loop, 1.5, called, "later");
  sp_handle never = sp_loop_call_at(loop, 2, called, "never");
  show("soon", soon);
  show("later", later);
  show("never", never);
  sp_handle_cancel(never);
  sp_handle_cancel(never);
  show("never", never);
  sp_sleep(1.75);
  show("soon", soon);
  show("later", later);
  show("never", never);
  sp_sleep(1);
  show("never", never);
  sp_handle_cancel(soon);
  show("soon", soon);
  show("none", sp_loop_call_at(loop, NAN, called, "never"));
  show("none", sp_loop_call_soon(NULL, called, "never"));
  show("infinity", sp_loop_call_later(loop, INFINITY, called, "never"));
  return 0;
}

int main(void)
{
  sp_loop *loop = sp_loop_new(&(sp_loop_options){.virtual_clock = true});
  int result = sp_loop_run(loop, run, loop);
  sp_loop_free(loop);
  return result;
}
