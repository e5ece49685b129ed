#include "events.h"

#include <stdio.h>
#include <time.h>

#include "failure.h"
#include "json.h"

static void write_member(const char *name, const char *value)
{
  printf(",\"%s\":", name);
  json_write_string(stdout, value);
}

/* Who reads along gets each event at once. */
static void end_event(void)
{
  fputs("}\n", stdout);
  fflush(stdout);
}

static double unix_time(void)
{
  struct timespec now;
  timespec_get(&now, TIME_UTC);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void event_begin(const downloader *self)
{
  const struct options *options = &self->options;
  if (!options->events) return;
  printf("{\"event\":\"begin\",\"unix\":%.4f", unix_time() - report_elapsed(&self->report));
  write_member("program", options->program);
  write_member("server", options->site.name);
  write_member("base", options->site.base);
  printf(",\"requested\":%zu,\"connections\":%d", self->count, options->concurrent);
  end_event();
}

void event_phase(const download *self, const char *phase)
{
  if (!self->downloader->options.events) return;
  printf("{\"event\":\"phase\",\"time\":%.4f", report_elapsed(&self->downloader->report));
  write_member("code", self->name);
  write_member("phase", phase);
  end_event();
}

static const char *status_name(int code)
{
  if (code >= 0) return "downloaded";
  if (code == SP_ECANCELED) return "cancelled";
  return is_not_found(code) ? "not_found" : "error";
}

void event_done(const download *self, int code, const char *message)
{
  char kind[KIND_SIZE];
  if (!self->downloader->options.events) return;
  printf("{\"event\":\"done\",\"time\":%.4f", report_elapsed(&self->downloader->report));
  write_member("code", self->name);
  write_member("status", status_name(code));
  if (code < 0) {
    write_kind(code, kind);
    write_member("kind", kind);
    write_member("message", message);
  } else {
    write_member("path", self->file);
    printf(",\"bytes\":%zu", self->bytes);
  }
  end_event();
}

void event_report(const downloader *self)
{
  if (!self->options.events) return;
  fputs("{\"event\":\"report\",", stdout);
  report_write_json(&self->report, stdout);
  end_event();
}
