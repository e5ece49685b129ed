/* Behaviours of futures: a result that arrives later, and who is told of it. */
#include "behaviours.h"

BEHAVIOUR(future_begins_pending, "a new future is neither done nor cancelled")
{
  sp_future *future = sp_future_new();
  CHECK(!sp_future_done(future));
  CHECK(!sp_future_cancelled(future));
  CHECK(sp_future_cancel(future, NULL));
  CHECK(sp_future_cancelled(future));
  sp_future_free(future);
}
