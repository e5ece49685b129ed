#!/bin/sh
# Every test on every target, one part after the other, each with a time limit; `./run test` has
# installed what they need. The limits are there to end what hangs, also on a busy machine. What cannot be
# tested here is named with the reason. The last line is `N passed, N failed`, with `, N skipped` behind it
# if there are any; exit status 1 if anything failed.
#   tests/run-tests.sh            everything
#   tests/run-tests.sh only PART  one of the functions below
set -u
cd "$(dirname "$0")/.." || exit

# --- parts: checks, each one passes or fails ---

shell_files() { shellcheck run .ci/run emsdk.env tools/*.sh tests/*.sh; }
eslint() { npm run --silent lint; }
prettier() { npm run --silent format:check; }
c_files() { find include src tests bench -name node_modules -prune -o -name '*.[ch]' -print 2>/dev/null; }
c_format() { c_files | tr '\n' '\0' | xargs -0 clang-format --dry-run -Werror; }

# The sources that the native builds compile, as they compile them.
c_lint() {
  tidy native && tidy native-ucontext '/switch/.*ucontext'
}
tidy() { # PRESET [PATTERN]
  sed -n 's|^ *"file": "\(.*/src/.*\.c\)",\{0,1\}$|\1|p' "build/$1/compile_commands.json" |
    grep -e "${2:-/src/}" | sort -u | tr '\n' '\0' |
    xargs -0 -n 2 -P "$(getconf _NPROCESSORS_ONLN)" clang-tidy --quiet -p "build/$1"
}

header() { # COMPILER OPTION...
  echo '#include "spindle.h"' | "$@" -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only -
}

# shellcheck disable=SC2086 # a list of words
clang_build() {
  cmake -S . -B build/native-clang -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Release \
    -DSPINDLE_ASSERTIONS=ON &&
    cmake --build build/native-clang --parallel "$(getconf _NPROCESSORS_ONLN)" --target $all
}

# With what `all` leaves to those who ask for it.
all='all scenarios bench'

if [ "${1:-}" = only ]; then
  shift
  "$@"
  exit
fi

# --- running them ---

results=build/log/results
mkdir -p build/log && : >"$results" || exit

# limited SECONDS COMMAND...: what it starts carries SPINDLE_TEST_RUN, so that none of it outlives it
limited() {
  limit=$1
  shift
  timeout --foreground -k 10 "$limit" \
    env --default-signal=INT,QUIT SPINDLE_TEST_RUN=$$ "$@" </dev/null &
  wait $! # so that a signal for this script is seen at once
}
left_over() { grep -lsz "^SPINDLE_TEST_RUN=$$\$" /proc/[0-9]*/environ | cut -d / -f 3; }
kill_left_over() {
  for pid in $(left_over); do kill "-${1:-KILL}" "$pid" 2>/dev/null; done
}
stop() {
  kill_left_over TERM
  sleep 2
  kill_left_over
  exit "$1"
}
trap 'stop 130' INT
trap 'stop 143' TERM HUP

passed() { echo "passed $1" >>"$results"; }
failed() { # NAME REASON
  echo "failed $1: $2" >>"$results"
  echo "FAILED $1: $2"
}
reason() { # STATUS
  case $1 in
    124 | 137) echo "not done after $limit s" ;;
    *) echo "exit status $1" ;;
  esac
}

# check NAME SECONDS COMMAND...: its output is shown if it fails
check() {
  name=$1 seconds=$2 began=$(date +%s)
  shift 2
  echo "== $name"
  limited "$seconds" "$@" >build/log/check 2>&1
  status=$?
  if [ $status = 0 ]; then
    passed "$name"
    echo "   passed in $(($(date +%s) - began)) s"
  else
    tail -n 100 build/log/check
    failed "$name" "$(reason $status)"
  fi
  kill_left_over
}
part() { # NAME SECONDS FUNCTION [ARG ...]
  name=$1 seconds=$2
  shift 2
  check "$name" "$seconds" "$0" only "$@"
}

# node_tests FILE SECONDS: all tests of a file for node:test
node_tests() {
  echo "== $1"
  rm -f build/log/tests
  limited "$2" node --test \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=./tests/support/result-reporter.mjs --test-reporter-destination=build/log/tests "$1"
  status=$?
  cat build/log/tests >>"$results"
  if [ $status -gt 1 ] || { [ $status = 1 ] && ! grep -q '^failed ' build/log/tests; }; then
    failed "$1" "$(reason $status)"
    kill_left_over
  elif ! [ -s build/log/tests ]; then
    failed "$1" 'it has no test'
  fi
  nothing_left "$1"
}

# A browser's processes end a little after it.
nothing_left() {
  for _ in 1 2 3 4 5 6; do
    [ -n "$(left_over)" ] || return
    sleep 0.5
  done
  names=$(for pid in $(left_over); do tr '\0' ' ' <"/proc/$pid/cmdline" | cut -c -60; done 2>/dev/null)
  failed "$1" "left running: $(echo "$names" | tr '\n' ';')"
  kill_left_over
}

part 'shellcheck' 300 shell_files
part 'eslint' 600 eslint
part 'prettier' 600 prettier
part 'clang-format' 300 c_format
for c in gcc clang; do part "spindle.h is C11 for $c" 60 header $c -std=c11 -x c; done
for c in g++ clang++; do part "spindle.h is C++20 for $c" 60 header $c -std=c++20 -x c++; done
# shellcheck disable=SC2086 # a list of words
for preset in native native-asan native-ucontext web; do
  check "build $preset" 2400 ./run build $preset $all
done
for preset in native-aarch64 native-i386 native-s390x; do
  check "build $preset" 1200 ./run build $preset scenarios
done
part 'build with clang' 900 clang_build
part 'clang-tidy' 900 c_lint
for file in tests/*.test.mjs; do node_tests "$file" 1800; done

echo
grep -e '^failed ' -e '^skipped ' "$results"
passed=$(grep -c '^passed ' "$results")
failed=$(grep -c '^failed ' "$results")
skipped=$(grep -c '^skipped ' "$results")
if [ "$skipped" = 0 ]; then
  echo "$passed passed, $failed failed"
else
  echo "$passed passed, $failed failed, $skipped skipped"
fi
[ "$failed" = 0 ]
