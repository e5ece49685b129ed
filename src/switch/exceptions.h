/* The C++ runtime's exception state, of which each side of a switch has its own: the caught
 * exceptions and the number of uncaught ones, which the runtime keeps per thread. Only the library
 * for C++ programs saves it (SP__SAVES_EXCEPTIONS). The side that is left saves its state on its
 * own stack; one that is entered for the first time finds an empty state. */
#ifndef SP_EXCEPTIONS_H
#define SP_EXCEPTIONS_H

#include "switch/coroutine.h"

#ifdef SP__SAVES_EXCEPTIONS
/* Of the Itanium C++ ABI, 2.2.2. */
typedef struct sp__exceptions {
  void *caught;
  unsigned uncaught;
} sp__exceptions;

sp__exceptions *__cxa_get_globals(void);

SP__INLINE sp__exceptions sp__exceptions_take(void)
{
  sp__exceptions *here = __cxa_get_globals();
  sp__exceptions own = *here;
  *here = (sp__exceptions){0};
  return own;
}

SP__INLINE void sp__exceptions_put(sp__exceptions own) { *__cxa_get_globals() = own; }
#else
typedef struct sp__exceptions {
  char none;
} sp__exceptions;

SP__INLINE sp__exceptions sp__exceptions_take(void) { return (sp__exceptions){0}; }

SP__INLINE void sp__exceptions_put(sp__exceptions own) { (void)own; }
#endif

#endif
