/* What happens, for programs that watch: with --events a JSON object a line on stdout. */
#ifndef EVENTS_H
#define EVENTS_H

#include "downloader.h"

void event_begin(const downloader *self);

/* The download begins to do something else: "waiting" for its turn, "connecting", "receiving",
 * "saving", "backoff". */
void event_phase(const download *self, const char *phase);

/* The download is over, with an error and its message or with 0. */
void event_done(const download *self, int code, const char *message);

void event_report(const downloader *self);

#endif
