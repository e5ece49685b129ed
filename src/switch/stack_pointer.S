# The C stack pointer of WebAssembly, which C cannot name.
        .globaltype __stack_pointer, i32

        .section .text.sp__stack_pointer,"",@
        .globl sp__stack_pointer
        .type sp__stack_pointer,@function
sp__stack_pointer:
        .functype sp__stack_pointer () -> (i32)
        global.get __stack_pointer
        end_function

        .section .text.sp__stack_pointer_set,"",@
        .globl sp__stack_pointer_set
        .type sp__stack_pointer_set,@function
sp__stack_pointer_set:
        .functype sp__stack_pointer_set (i32) -> ()
        local.get 0
        global.set __stack_pointer
        end_function
