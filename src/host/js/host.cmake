# The library for browsers and Node, linked by Emscripten.
set(js ${CMAKE_CURRENT_SOURCE_DIR}/host/js)

# Asyncify is driven inside the module; only sp_run's parking of main() passes through Emscripten's.
# The loop's own functions are never unwound. Nor does anything suspend in an exception handler, where an
# error gets its text, or where something is cancelled: without those, whatever may fail would be compiled
# to be unwound. (The patterns name what not every program has, without a warning where it is missing.)
# Emscripten's assertions would have functions that are not instrumented trap when the state changes
# under them, which is what a switch does.
# What a program knows of its own, a list of functions, is in its property SPINDLE_NEVER_UNWOUND.
string(JOIN , never_unwound sp__js_turn sp__task_step sp__task_first_step sp__switch_trapped sp__report
  sp_*fail* sp_*cancel*)
set(its_never_unwound "$<JOIN:$<TARGET_PROPERTY:SPINDLE_NEVER_UNWOUND>,$<COMMA>>")
set(its_never_unwound "$<$<BOOL:${its_never_unwound}>:$<COMMA>${its_never_unwound}>")
set(asyncify -sASSERTIONS=0 -sASYNCIFY=1 -sASYNCIFY_IMPORTS=sp__js_park)

# What stands around Emscripten's module is not seen by its optimiser: comments and indents go here.
foreach(name head tail need_shared)
  set(from ${js}/${name}.mjs)
  file(READ ${from} text)
  string(REGEX REPLACE "(^|\n)[ \t]*//[^\n]*" "\\1" text "${text}")
  string(REGEX REPLACE "\n[ \t\n]+" "\n" text "${text}")
  file(CONFIGURE OUTPUT ${name}.mjs CONTENT "${text}" @ONLY)
  set(${name} ${CMAKE_CURRENT_BINARY_DIR}/${name}.mjs)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${from})
endforeach()

# What Emscripten's linker takes from, as far as a program needs it.
set(js_libraries)
set(js_files)
foreach(name spindle descriptors terminal errors http http_turns http_fetch http_node http_agents
        http_codings files exceptions refusals)
  list(APPEND js_libraries "--js-library=${js}/${name}.js")
  list(APPEND js_files "${js}/${name}.js")
endforeach()

set(module
  -sMODULARIZE=1 -sEXPORT_ES6=1 -sEXPORT_NAME=spindleProgram
  -sEXIT_RUNTIME=1
  -sALLOW_MEMORY_GROWTH=1 -sALLOW_TABLE_GROWTH=1
  -sSTACK_OVERFLOW_CHECK=2
  -sTEXTDECODER=2 # every engine has one
  -sNODEJS_CATCH_EXIT=0 -sNODEJS_CATCH_REJECTION=0
  -Wl,--undefined=sp__js_tasks # only JavaScript asks for what inspect.c has
  ${js_libraries}
  "--pre-js=${js}/pre.js"
  "--extern-pre-js=${head}" "--extern-post-js=${tail}")

function(spindle_library name threads)
  add_library(${name} STATIC ${core} ${switch} host/js/host.c host/js/http.c
    host/js/files.c host/js/errors.c host/js/inspect.c ${threads})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/include PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  # Unoptimised, sp__coroutine_suspend would have a frame on the stack that it saves.
  set_source_files_properties(switch/switch_asyncify.c PROPERTIES COMPILE_OPTIONS -O2)
  target_link_options(${name} INTERFACE ${asyncify} ${module} -sENVIRONMENT=web,worker,node)
  set_target_properties(${name} PROPERTIES INTERFACE_LINK_DEPENDS
    "${js_files};${js}/pre.js;${js}/pre_threads.js;${js}/exports.js;${head};${tail};${need_shared}")
endfunction()

spindle_library(spindle host/js/no_threads.c)
target_link_options(spindle INTERFACE "--pre-js=${js}/exports.js"
  "-sASYNCIFY_REMOVE=${never_unwound}${its_never_unwound}")

# The same with threads: a page has to be cross-origin isolated to load such a program.
spindle_library(spindle-threads host/js/threads.c)
target_compile_options(spindle-threads PUBLIC -pthread)
target_link_options(spindle-threads INTERFACE -pthread -Wno-pthreads-mem-growth
  "--extern-pre-js=${need_shared}" "--pre-js=${js}/pre_threads.js"
  "--pre-js=${js}/exports.js" "-sASYNCIFY_REMOVE=${never_unwound}${its_never_unwound}")

# The same for small modules: a smaller allocator, no files but stdin, stdout and stderr, the options that
# docs/web.md names and few others, and no stream whose own functions (fopencookie) suspend a task that
# prints. Other Emscriptens have another loader, into which park_small.js does not fit.
spindle_library(spindle-small host/js/no_threads.c)
target_compile_options(spindle-small PUBLIC $<$<CONFIG:Release>:-Oz>)
target_link_options(spindle-small INTERFACE $<$<CONFIG:Release>:-Oz> -sMALLOC=emmalloc -sFILESYSTEM=0
  "-sINCOMING_MODULE_JS_API=[arguments,instantiateWasm,onAbort,onExit,onRuntimeInitialized,\
preRun,postRun,print,printErr]"
  "-sASYNCIFY_REMOVE=${never_unwound},vfiprintf,printf_core${its_never_unwound}")
if(EMSCRIPTEN_VERSION VERSION_EQUAL 3.1.6)
  target_link_options(spindle-small INTERFACE "--js-library=${js}/park_small.js")
  set_property(TARGET spindle-small APPEND_STRING PROPERTY INTERFACE_LINK_DEPENDS ";${js}/park_small.js")
else()
  target_link_options(spindle-small INTERFACE "--pre-js=${js}/exports.js")
endif()
