# The library on libuv, libcurl, zlib and libidn2.
find_package(PkgConfig REQUIRED)
pkg_check_modules(UV REQUIRED IMPORTED_TARGET libuv>=1.44)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl>=7.88)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(IDN2 REQUIRED IMPORTED_TARGET libidn2)
find_package(Threads REQUIRED)
include(CheckCCompilerFlag)

check_c_compiler_flag("-Werror -fstack-clash-protection" SPINDLE_HAS_STACK_CLASH)

function(spindle_library name)
  add_library(${name} STATIC ${core} ${switch}
    host/uv/descriptors.c
    host/uv/draft.c
    host/uv/error.c
    host/uv/file.c
    host/uv/host.c
    host/uv/http/coding.c
    host/uv/http/error.c
    host/uv/http/fetch.c
    host/uv/http/framing.c
    host/uv/http/redirect.c
    host/uv/http/repeat.c
    host/uv/http/request.c
    host/uv/http/response.c
    host/uv/http/session.c
    host/uv/http/standard.c
    host/uv/http/submission.c
    host/uv/http/transfer.c
    host/uv/http/url.c
    host/uv/http/watcher.c
    host/uv/terminal.c
    host/uv/thread.c)
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/include PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE _GNU_SOURCE)
  if(CMAKE_SIZEOF_VOID_P EQUAL 4) # where it is not so by itself
    target_compile_definitions(${name} PRIVATE _FILE_OFFSET_BITS=64)
  endif()
  target_link_libraries(${name} PUBLIC PkgConfig::UV PkgConfig::CURL PkgConfig::ZLIB PkgConfig::IDN2 Threads::Threads m)

  # A program that makes no requests does not load libcurl.
  target_link_options(${name} INTERFACE LINKER:--as-needed)

  # A frame larger than a page must touch the guard below its stack, not leap over it, in whatever language
  # a task's function is written.
  if(SPINDLE_HAS_STACK_CLASH)
    target_compile_options(${name} PUBLIC $<$<COMPILE_LANGUAGE:C,CXX>:-fstack-clash-protection>)
  else()
    target_compile_definitions(${name} PRIVATE SP__WIDE_GUARDS)
  endif()
  if(SPINDLE_SWITCH STREQUAL "asm")
    target_compile_definitions(${name} PUBLIC SP__SWITCH_INLINE)
  endif()
endfunction()

# In a program that links the C++ runtime each task has its exceptions to itself, which costs a switch some
# nanoseconds; in one of C there is nothing of it.
spindle_library(spindle-c)
set_target_properties(spindle-c PROPERTIES OUTPUT_NAME spindle)
spindle_library(spindle-cxx)
target_compile_definitions(spindle-cxx PRIVATE SP__SAVES_EXCEPTIONS)
set_target_properties(spindle-cxx PROPERTIES EXCLUDE_FROM_ALL ON EXPORT_COMPILE_COMMANDS OFF)
add_library(spindle INTERFACE)
target_link_libraries(spindle INTERFACE
  $<IF:$<LINK_LANGUAGE:CXX>,spindle-cxx,spindle-c>)
target_include_directories(spindle INTERFACE ${PROJECT_SOURCE_DIR}/include)
