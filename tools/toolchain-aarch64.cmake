# AArch64 on a machine of another kind: Debian's cross compiler, and tools/sysroot.sh's libraries.
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(name aarch64)
set(compiler aarch64-linux-gnu)
set(libraries aarch64-linux-gnu)
include(${CMAKE_CURRENT_LIST_DIR}/toolchain.cmake)
