# 32-bit x86 on a machine of another kind: Debian's cross compiler, and tools/sysroot.sh's libraries.
set(CMAKE_SYSTEM_PROCESSOR i686)
set(name i386)
set(compiler i686-linux-gnu)
set(libraries i386-linux-gnu)
include(${CMAKE_CURRENT_LIST_DIR}/toolchain.cmake)
