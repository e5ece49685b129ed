/* The first seam: where a coroutine's C runs, and how control is transferred there and back.
 *
 * The loop resumes a coroutine, which suspends to the loop; where stacks are switched by assembly,
 * also directly to another coroutine that the loop would resume next. A coroutine lives at the top
 * of its own stack, inside a block that its owner asked for, so that a suspended task costs one
 * block and one page. Implementations: switch_inline.h with switch_asm.c, switch_ucontext.c,
 * switch_asyncify.c; one of them is linked. */
#ifndef SP_SWITCH_H
#define SP_SWITCH_H

#include "switch/coroutine.h"

/* The pool of stacks of one loop. Returns NULL when out of memory. */
sp__stacks *sp__stacks_new(void);
void sp__stacks_free(sp__stacks *pool);

/* Gives back memory of stacks that were not needed during a period; a period lasts from one call
 * that says it is over to the next. Does a little of it at a time: returns true when there is more
 * to do. */
bool sp__stacks_trim(sp__stacks *pool, bool period_is_over);

/* Whether there are unused stacks that could give memory back. */
bool sp__stacks_have_idle(const sp__stacks *pool);

/* A coroutine whose owner is `owner_size` zeroed bytes at the top of a stack of about `stack_size`
 * bytes; the sp__coroutine is the owner's first member. Returns NULL when out of memory. */
void *sp__coroutine_new(sp__stacks *pool, size_t owner_size, size_t stack_size);

/* The same with a copy of `arg` for its entry, aligned as by malloc, at the top of the stack below
 * the owner; it lives as long as the owner. The stack must be larger than `arg_size`. */
void *sp__coroutine_new_copying(sp__stacks *pool, size_t owner_size, size_t stack_size,
                                const void *arg, size_t arg_size);

/* Gives the stack back to the pool, and with it the owner. The coroutine must not be running. */
void sp__coroutine_free(sp__coroutine *coroutine);

/* How many bytes the coroutines of a pool hold: their stacks, with the owners' blocks in them, and
 * what an implementation keeps besides. Natively that is address space, most of it untouched. */
size_t sp__stacks_held(const sp__stacks *pool);

/* sp__coroutine_resume runs the coroutine until the loop's stack is wanted again: called by the
 * loop only. sp__coroutine_suspend leaves the running coroutine until it is resumed, and continues
 * with `next`, which is suspended or new, or with the loop where that is NULL. It is always NULL
 * unless sp__switch_is_direct(), which is never so without SP__SWITCH_DIRECT. */
#ifdef SP__SWITCH_INLINE
#include "switch/switch_inline.h"
#else
enum { SP__SWITCH_DIRECT = 0 };
static inline bool sp__switch_is_direct(void) { return false; }
void sp__coroutine_resume(sp__coroutine *coroutine);
void sp__coroutine_suspend(sp__coroutine *self, sp__coroutine *next);
#endif

/* Given by the core: with SP__SWITCH_DIRECT, the coroutine to continue with when one's entry has
 * returned; NULL: the loop. Called on that one's stack, which may be freed there: it stays whole
 * until another one runs. */
sp__coroutine *sp__coroutine_ended(sp__coroutine *self);

/* How many calls that must not be left, such as of a JavaScript function or an exception handler,
 * are on the stack between this thread's loop and the running code. No coroutine can suspend unless
 * it is 0. */
extern _Thread_local uint32_t sp__unsuspendable_depth;

/* How many bytes of stack its C may use. */
size_t sp__coroutine_stack_size(const sp__coroutine *coroutine);

/* Called once a thread, before its first resume and after its last: what the implementation needs
 * to detect a stack overrun. Returns false when out of memory. */
bool sp__switch_open(void);
void sp__switch_close(void);

/* Given by the core: writes the message for a coroutine that overran its stack. Natively called in
 * a signal handler: no allocation, no locks. */
void sp__coroutine_overran(const sp__coroutine *coroutine);

#endif
