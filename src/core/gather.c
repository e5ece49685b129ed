/* Gathering: one future for many. */
#include "core/core.h"

bool sp__gathering_cancel(sp_future *future, sp__detail *detail)
{
  (void)future, (void)detail;
  return false;
}
