/* What tasks ask of transfers, carried out at the end of the turn in the order in which they asked.
 *
 * How much stack libcurl and its TLS library take is not known, and a task's may be small: they run
 * on the loop's. It also means that libcurl is never entered while one of its callbacks runs. */
#include <string.h>

#include "core/list.h"
#include "host/host.h"
#include "host/uv/http/http.h"

static void remove_order(transfer *self)
{
  SP__LIST_REMOVE(&self->curl->host->orders, &self->order);
  self->ordered = false;
}

void sp__curl_take_back(transfer *self)
{
  if (self->ordered) remove_order(self);
}

void sp__curl_order_later(transfer *self)
{
  if (!self->ordered) SP__LIST_APPEND(&self->curl->host->orders, &self->order);
  self->ordered = true;
}

transfer *sp__curl_next_order(sp__host *host)
{
  if (!host->orders.first) return NULL;
  transfer *self = SP__OWNER(host->orders.first, transfer, order);
  remove_order(self);
  return self;
}
