/* The switch for AArch64 (AAPCS64): x19 to x30, d8 to d15 and the stack pointer. */
        .text

/* void sp__switch(void **from, void *to) */
        .globl sp__switch
        .type sp__switch, %function
        .p2align 4
sp__switch:
        .cfi_startproc
        hint #34 /* bti c */
        sub sp, sp, #160
        stp x19, x20, [sp]
        stp x21, x22, [sp, #16]
        stp x23, x24, [sp, #32]
        stp x25, x26, [sp, #48]
        stp x27, x28, [sp, #64]
        stp x29, x30, [sp, #80]
        stp d8, d9, [sp, #96]
        stp d10, d11, [sp, #112]
        stp d12, d13, [sp, #128]
        stp d14, d15, [sp, #144]
        mov x9, sp
        str x9, [x0]
        mov sp, x1
        ldp x19, x20, [sp]
        ldp x21, x22, [sp, #16]
        ldp x23, x24, [sp, #32]
        ldp x25, x26, [sp, #48]
        ldp x27, x28, [sp, #64]
        ldp x29, x30, [sp, #80]
        ldp d8, d9, [sp, #96]
        ldp d10, d11, [sp, #112]
        ldp d12, d13, [sp, #128]
        ldp d14, d15, [sp, #144]
        add sp, sp, #160
        mov x9, x30
        br x9
        .cfi_endproc
        .size sp__switch, .-sp__switch

/* void *sp__switch_prepare(void *top, sp__coroutine *coroutine): a frame as sp__switch loads it, the
 * coroutine in x19, `start` as the place to go on. */
        .globl sp__switch_prepare
        .type sp__switch_prepare, %function
        .p2align 4
sp__switch_prepare:
        .cfi_startproc
        hint #34
        and x9, x0, #-16
        sub x0, x9, #160
        stp x1, xzr, [x0]
        stp xzr, xzr, [x0, #16]
        stp xzr, xzr, [x0, #32]
        stp xzr, xzr, [x0, #48]
        stp xzr, xzr, [x0, #64]
        adr x10, start
        stp xzr, x10, [x0, #80]
        stp xzr, xzr, [x0, #96]
        stp xzr, xzr, [x0, #112]
        stp xzr, xzr, [x0, #128]
        stp xzr, xzr, [x0, #144]
        ret
        .cfi_endproc
        .size sp__switch_prepare, .-sp__switch_prepare

        .type start, %function
start:
        .cfi_startproc
        .cfi_undefined x30
        hint #36 /* bti j */
        mov x0, x19
        mov x30, xzr
        b sp__switch_entered
        .cfi_endproc
        .size start, .-start

        .section .note.GNU-stack,"",%progbits
