/* The switch by assembly, inlined into the functions that suspend and resume.
 *
 * A processor predicts where a `ret` goes by remembering the calls, and after a switch it remembers
 * another stack's. Each call between a task's own code and its switch would cost a wrong prediction
 * on the way back, which is more than the switch itself. So there are none: what suspends is one
 * function, with the switch in it.
 *
 * A side's context is its stack pointer, its frame pointer and the address where it continues. All
 * other registers are clobbered, so that the compiler saves what it needs and no more.
 * Floating-point modes (rounding, exception masks) are the thread's, not the task's. */
#ifndef SP_SWITCH_INLINE_H
#define SP_SWITCH_INLINE_H

#include "switch/exceptions.h"
#include "switch/sanitizer.h"
#include "switch/stacks.h"

/* The loop's side of the switch in this thread. */
typedef struct sp__loop_side {
  sp__context context;
  const void *stack; /* for AddressSanitizer, as what follows */
  size_t size;
  bool left; /* the loop has just resumed a coroutine */
} sp__loop_side;

extern _Thread_local sp__loop_side sp__loop_side_here;

enum { SP__SWITCH_DIRECT = 1 };

/* Valgrind takes two stacks that lie near each other for one: under it all switches are to the
 * loop. */
bool sp__switch_is_direct(void);

#ifdef __x86_64__
#ifdef __AVX512F__
#define SP__AVX512_REGISTERS                                                                    \
  , "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25",   \
      "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31", "k1", "k2", "k3", "k4", "k5", "k6", \
      "k7"
#else
#define SP__AVX512_REGISTERS
#endif

SP__INLINE void sp__switch(sp__context *from, sp__context *to)
{
  __asm__ volatile(
      "leaq 1f(%%rip), %%rax\n\t"
      "movq %%rsp, (%%rdi)\n\t"
      "movq %%rax, 8(%%rdi)\n\t"
      "movq %%rbp, 16(%%rdi)\n\t"
      "movq (%%rsi), %%rsp\n\t"
      "movq 16(%%rsi), %%rbp\n\t"
      "jmp *8(%%rsi)\n"
      "1:\n\t"
      "endbr64"
      : "+D"(from), "+S"(to)
      :
      : "rax", "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm0",
        "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
        "xmm12", "xmm13", "xmm14", "xmm15", "memory", "cc" SP__AVX512_REGISTERS);
}

/* The same, and never returns. */
SP__INLINE _Noreturn void sp__switch_for_good(sp__context *to)
{
  __asm__ volatile(
      "movq (%%rsi), %%rsp\n\t"
      "movq 16(%%rsi), %%rbp\n\t"
      "jmp *8(%%rsi)"
      :
      : "S"(to)
      : "memory");
  __builtin_unreachable();
}
#else /* AArch64: the link register is 0 on a new stack, where a debugger's walk ends */
SP__INLINE void sp__switch(sp__context *from, sp__context *to)
{
  register sp__context *left __asm__("x0") = from;
  register sp__context *entered __asm__("x1") = to;
  __asm__ volatile(
      "adr x9, 1f\n\t"
      "mov x10, sp\n\t"
      "stp x10, x9, [x0]\n\t"
      "str x29, [x0, #16]\n\t"
      "ldp x10, x16, [x1]\n\t"
      "ldr x29, [x1, #16]\n\t"
      "mov sp, x10\n\t"
      "mov x30, xzr\n\t"
      "br x16\n"
      "1:\n\t"
      "hint #36" /* bti j */
      : "+r"(left), "+r"(entered)
      :
      : "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
        "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28",
        "x30", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12",
        "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25",
        "v26", "v27", "v28", "v29", "v30", "v31", "memory", "cc");
}

SP__INLINE _Noreturn void sp__switch_for_good(sp__context *to)
{
  __asm__ volatile(
      "ldp x10, x16, [%0]\n\t"
      "ldr x29, [%0, #16]\n\t"
      "mov sp, x10\n\t"
      "mov x30, xzr\n\t"
      "br x16"
      :
      : "r"(to)
      : "x10", "x16", "memory");
  __builtin_unreachable();
}
#endif

/* What a coroutine does first when it continues: one that comes from the loop learns where the
 * loop's stack is. */
static inline void sp__coroutine_arrive(void *fake)
{
  sp__loop_side *loop = &sp__loop_side_here;
  bool from_loop = SP__SANITIZER_READS_STACKS && loop->left;
  if (from_loop) loop->left = false;
  sp__sanitizer_arrive(fake, from_loop ? &loop->stack : NULL, from_loop ? &loop->size : NULL);
}

SP__INLINE void sp__coroutine_resume(sp__coroutine *coroutine)
{
  void *fake = NULL;
  sp__exceptions own = sp__exceptions_take();
  sp__running = coroutine;
  if (SP__SANITIZER_READS_STACKS) sp__loop_side_here.left = true;
  sp__sanitizer_leave(&fake, coroutine->stack, sp__stack_capacity(coroutine));
  sp__switch(&sp__loop_side_here.context, &coroutine->context);
  sp__sanitizer_arrive(fake, NULL, NULL);
  sp__exceptions_put(own);
}

SP__INLINE void sp__coroutine_suspend(sp__coroutine *self, sp__coroutine *next)
{
  void *fake = NULL;
  sp__exceptions own = sp__exceptions_take();
  sp__context *to = &sp__loop_side_here.context;
  if (!sp__stack_canary_alive(self)) sp__stack_overran(self);
  if (next) {
    to = &next->context;
    sp__running = next;
    sp__sanitizer_leave(&fake, next->stack, sp__stack_capacity(next));
  } else {
    sp__sanitizer_leave(&fake, sp__loop_side_here.stack, sp__loop_side_here.size);
  }
  sp__switch(&self->context, to);
  sp__coroutine_arrive(fake);
  sp__exceptions_put(own);
}

#endif
