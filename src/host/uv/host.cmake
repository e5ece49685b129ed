# The library on libuv and libcurl.
find_package(PkgConfig REQUIRED)
pkg_check_modules(UV REQUIRED IMPORTED_TARGET libuv>=1.44)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl>=7.88)
find_package(Threads REQUIRED)
include(CheckCCompilerFlag)

add_library(spindle STATIC ${core} ${switch}
  host/uv/descriptors.c host/uv/draft.c host/uv/file.c host/uv/host.c host/uv/terminal.c
  host/uv/thread.c
  host/uv/http/answer.c host/uv/http/error.c host/uv/http/order.c host/uv/http/repeat.c
  host/uv/http/request.c
  host/uv/http/session.c host/uv/http/transfer.c host/uv/http/watch.c)
target_include_directories(spindle PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_definitions(spindle PRIVATE _GNU_SOURCE)
target_link_libraries(spindle PUBLIC PkgConfig::UV PkgConfig::CURL Threads::Threads m)

# A program that makes no requests does not load libcurl.
target_link_options(spindle INTERFACE LINKER:--as-needed)

# A frame larger than a page must touch the guard below its stack, not leap over it.
check_c_compiler_flag(-fstack-clash-protection SPINDLE_HAS_STACK_CLASH)
if(SPINDLE_HAS_STACK_CLASH)
  target_compile_options(spindle PUBLIC $<$<COMPILE_LANGUAGE:C>:-fstack-clash-protection>)
endif()
