/* Servers: their names, and what stands before "/br/br.gif" at each. */
#ifndef SITE_H
#define SITE_H

#include <stdbool.h>

enum { SITE_URL_SIZE = 1024 };

struct site {
  const char *name; /* as it was given: LOCAL, DELAY, ERROR or a URL */
  char base[SITE_URL_SIZE];
};

/* LOCAL, DELAY and ERROR are those of ./run demo, or of the URL in SPINDLE_SERVER. False if `name`
 * is no server's, or the URL is too long. `name` is borrowed. */
bool site_find(struct site *self, const char *name);

bool site_is_url(const struct site *self);

/* Says on stderr what to do about a server of ours that does not answer, for that reason. */
void site_explain_silence(const struct site *self, const char *program, const char *reason);

#endif
