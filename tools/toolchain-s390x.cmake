# s390x, whose bytes are in the other order: Debian's cross compiler, and tools/sysroot.sh's libraries.
set(CMAKE_SYSTEM_PROCESSOR s390x)
set(name s390x)
set(compiler s390x-linux-gnu)
set(libraries s390x-linux-gnu)
include(${CMAKE_CURRENT_LIST_DIR}/toolchain.cmake)
