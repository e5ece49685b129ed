/* The switch for x86-64, System V.
 *
 * It ends in `pop` and `jmp`, not in `ret`: a return to where no call came from is mispredicted by the
 * processor each time. */
        .text

/* void sp__switch(void **from, void *to) */
        .globl sp__switch
        .type sp__switch, @function
        .p2align 4
sp__switch:
        .cfi_startproc
        endbr64
        pushq %rbp
        pushq %rbx
        pushq %r12
        pushq %r13
        pushq %r14
        pushq %r15
        movq %rsp, (%rdi)
        movq %rsi, %rsp
        popq %r15
        popq %r14
        popq %r13
        popq %r12
        popq %rbx
        popq %rbp
        popq %rcx
        jmp *%rcx
        .cfi_endproc
        .size sp__switch, .-sp__switch

/* void *sp__switch_prepare(void *top, sp__coroutine *coroutine)
 *
 * Seven words as sp__switch pops them; the coroutine waits in rbx. Below them the stack is aligned as
 * at a call, with a return address of 0 that ends a debugger's walk. */
        .globl sp__switch_prepare
        .type sp__switch_prepare, @function
        .p2align 4
sp__switch_prepare:
        .cfi_startproc
        endbr64
        andq $-16, %rdi
        leaq -64(%rdi), %rax
        xorl %ecx, %ecx
        movq %rcx, (%rax)
        movq %rcx, 8(%rax)
        movq %rcx, 16(%rax)
        movq %rcx, 24(%rax)
        movq %rsi, 32(%rax)
        movq %rcx, 40(%rax)
        leaq start(%rip), %rdx
        movq %rdx, 48(%rax)
        movq %rcx, 56(%rax)
        ret
        .cfi_endproc
        .size sp__switch_prepare, .-sp__switch_prepare

        .type start, @function
start:
        .cfi_startproc
        .cfi_undefined rip
        endbr64
        movq %rbx, %rdi
        jmp sp__switch_entered
        .cfi_endproc
        .size start, .-start

        .section .note.GNU-stack,"",@progbits
