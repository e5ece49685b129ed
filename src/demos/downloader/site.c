#include "site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool starts_with(const char *text, const char *start)
{
  return strncmp(text, start, strlen(start)) == 0;
}

static bool is_url(const char *text)
{
  return starts_with(text, "http://") || starts_with(text, "https://");
}

/* Without the slash at its end. */
static bool set_base(struct site *self, const char *host, const char *path)
{
  size_t length = strlen(host);
  while (length > 0 && host[length - 1] == '/') length--;
  int written = snprintf(self->base, sizeof self->base, "%.*s%s", (int)length, host, path);
  return written > 0 && written < SITE_URL_SIZE;
}

bool site_find(struct site *self, const char *name)
{
  static const char *const ours[][2] = {
      {"LOCAL", "/local"}, {"DELAY", "/delay"}, {"ERROR", "/error"}};
  const char *host = getenv("SPINDLE_SERVER");
  if (!host || !*host) host = "http://127.0.0.1:8000";
  self->name = name;
  for (int i = 0; i < 3; i++) {
    if (strcmp(name, ours[i][0]) == 0) return is_url(host) && set_base(self, host, ours[i][1]);
  }
  return is_url(name) && set_base(self, name, "");
}

bool site_is_url(const struct site *self) { return strchr(self->name, ':') != NULL; }

void site_explain_silence(const struct site *self, const char *program, const char *reason)
{
  fprintf(stderr, "%s: the %s server does not answer at %s: start it with ./run demo (%s)\n",
          program, self->name, self->base, reason);
}
