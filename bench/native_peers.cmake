# What spindle is compared with natively; what is not installed is left out, and ./run bench names it.

# Looked for again by each build: they may have been installed since the last one.
file(GLOB installed CONFIGURE_DEPENDS
  /usr/include/st.h /usr/include/boost/context/detail/fcontext.hpp /usr/bin/go)

find_package(PkgConfig REQUIRED)
pkg_check_modules(UV REQUIRED IMPORTED_TARGET libuv)
bench_peer(uv_timers peers/uv_timers.c PkgConfig::UV)
bench_peer(hello_uv peers/hello_uv.c PkgConfig::UV)

# Of the group http: a client without spindle, a server, and what tells the cost of any program.
bench_peer(uv_http peers/uv_http.c PkgConfig::UV)
bench_peer(slow_server peers/slow_server.c PkgConfig::UV)
bench_peer(cpu_of programs/cpu_of.c)
target_compile_definitions(bench-cpu_of PRIVATE _GNU_SOURCE)

include(CheckIncludeFile)
check_include_file(ucontext.h SPINDLE_BENCH_UCONTEXT)
if(SPINDLE_BENCH_UCONTEXT)
  bench_peer(ucontext peers/ucontext.c)
endif()

# Static, where there is a choice: spindle is as well.
find_library(SPINDLE_BENCH_FCONTEXT NAMES libboost_context.a boost_context)
if(SPINDLE_BENCH_FCONTEXT)
  bench_peer(fcontext peers/fcontext.c ${SPINDLE_BENCH_FCONTEXT})
endif()
find_library(SPINDLE_BENCH_ST NAMES libst.a st)
find_path(SPINDLE_BENCH_ST_HEADER st.h)
if(SPINDLE_BENCH_ST AND SPINDLE_BENCH_ST_HEADER)
  bench_peer(st peers/st.c ${SPINDLE_BENCH_ST})
endif()

# peers/go/NAME.go: go-NAME, of Go's own packages only, without the network.
find_program(SPINDLE_BENCH_GO go)
file(GLOB sources CONFIGURE_DEPENDS peers/go/*.go)
if(NOT SPINDLE_BENCH_GO)
  set(sources)
endif()
foreach(source ${sources})
  get_filename_component(name ${source} NAME_WE)
  set(program ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/go-${name})
  add_custom_command(OUTPUT ${program} DEPENDS ${source} VERBATIM COMMENT "Building go-${name}"
    COMMAND ${CMAKE_COMMAND} -E env GOCACHE=${PROJECT_BINARY_DIR}/go-cache GO111MODULE=off
            GOPROXY=off GOTOOLCHAIN=local CGO_ENABLED=0
            ${SPINDLE_BENCH_GO} build -o ${program} ${source})
  add_custom_target(bench-go-${name} DEPENDS ${program})
  add_dependencies(bench bench-go-${name})
endforeach()
