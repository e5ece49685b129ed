/* What tasks ask of transfers, carried out at the end of the turn in the order of submission.
 *
 * How much stack libcurl and its TLS library need is not known, and a task's may be small: they run
 * on the loop's. It also means that libcurl is never entered while one of its callbacks runs. */
#include <string.h>

#include "core/list.h"
#include "host/host.h"
#include "host/uv/http/http.h"

static void remove_submission(transfer *self)
{
  SP__LIST_REMOVE(&self->curl->host->submissions, &self->submission);
  self->submitted = false;
}

void sp__curl_take_back(transfer *self)
{
  if (self->submitted) remove_submission(self);
}

void sp__curl_submit_later(transfer *self)
{
  if (!self->submitted) SP__LIST_APPEND(&self->curl->host->submissions, &self->submission);
  self->submitted = true;
}

transfer *sp__curl_next_submission(sp__host *host)
{
  if (!host->submissions.first) return NULL;
  transfer *self = SP__OWNER(host->submissions.first, transfer, submission);
  remove_submission(self);
  return self;
}
