# shellcheck shell=sh
# shellcheck disable=SC2154 # root and log come from run
# Part of ./run: installs what a command needs and what is not there. Nothing here runs apt-get or npm
# where all is installed.

# --- packages: their names are Debian's, and each is missing where its check fails ---

missing=
snaps=
wants() {
  case "$missing " in *" $1 "*) return ;; esac
  package=$1
  shift
  "$@" >/dev/null 2>&1 || missing="$missing $package"
}
compiles() { echo '#include <stdlib.h>' | "$@" -fsyntax-only -; }
has_any() { for name; do has "$name" && return; done; }

# Ubuntu's package of a browser starts a snap. That has a /tmp of its own, and sees no profile there that
# it is given.
wants_browser() { # PACKAGE PROGRAM...
  package=$1
  shift
  has_browser "$@" && return
  if is_ubuntu; then snaps="$snaps $package"; else wants "$package" false; fi
}
has_browser() {
  for name; do
    if has "$name" && ! is_snap "$(command -v "$name")"; then return; fi
  done
  false
}
is_snap() {
  case $1 in /snap/*) return ;; esac
  head -c 100 "$1" 2>/dev/null | grep -aq /snap/bin/
}
is_ubuntu() { grep -qsx 'ID=ubuntu' /etc/os-release; }
node_is_new() { node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)'; }
# shellcheck source=/dev/null
emscripten_is_there() { (. "$root/emsdk.env"); }
# Debian's Python packages are for Debian's Python.
python_has() { /usr/bin/python3 -c "import $1" || python3 -c "import $1"; }

wants_cross() {
  wants "gcc-$1" has "$1-gcc"
  wants "g++-$1" has "$1-g++"
  wants qemu-user has qemu-s390x
}

wants_for() {
  case $1 in
    native-aarch64) wants_cross aarch64-linux-gnu ;;
    native-i386) wants_cross i686-linux-gnu ;;
    native-s390x) wants_cross s390x-linux-gnu ;;
  esac
  case $1 in
    native*)
      wants cmake has cmake
      wants make has make
      wants gcc has cc
      wants libc6-dev compiles cc -x c
      wants g++ compiles g++ -x c++
      wants pkg-config has pkg-config
      wants libuv1-dev pkg-config --exists 'libuv >= 1.44'
      wants libidn2-dev pkg-config --exists libidn2
      wants zlib1g-dev pkg-config --exists zlib
      wants libcurl4-openssl-dev pkg-config --exists 'libcurl >= 7.88'
      ;;
    web)
      wants cmake has cmake
      wants make has make
      wants nodejs node_is_new
      wants emscripten emscripten_is_there
      ;;
    page)
      wants nodejs node_is_new
      wants npm has npm
      ;;
    browser) wants_browser chromium "${SPINDLE_CHROMIUM:-chromium}" chromium-browser google-chrome ;;
    docs)
      wants doxygen has doxygen
      wants nodejs node_is_new
      ;;
    tests)
      wants gcc has gcc
      wants clang has clang
      wants clang-format has clang-format
      wants clang-tidy has clang-tidy
      wants shellcheck has shellcheck
      wants python3 has python3
      wants valgrind has valgrind
      wants curl has curl
      wants_browser firefox-esr "${SPINDLE_FIREFOX:-firefox-esr}" firefox
      wants gcc-aarch64-linux-gnu has aarch64-linux-gnu-gcc
      wants libc6-dev-arm64-cross compiles aarch64-linux-gnu-gcc -x c
      wants qemu-user has qemu-aarch64
      wants musl-tools has musl-gcc
      ;;
    peers-native)
      wants golang-go has go
      wants libboost-context-dev test -f /usr/include/boost/context/detail/fcontext.hpp
      wants libst-dev compiles cc -x c -include st.h
      wants python3 has python3
      wants python3-uvloop python_has uvloop
      ;;
    peers-web)
      wants_browser chromium "${SPINDLE_CHROMIUM:-chromium}" chromium-browser google-chrome
      wants_browser firefox-esr "${SPINDLE_FIREFOX:-firefox-esr}" firefox
      ;;
    peers-http)
      wants curl has curl
      wants golang-go has go
      wants nginx-light has_any nginx /usr/sbin/nginx
      wants openssl has openssl
      wants python3-aiohttp python_has aiohttp
      wants python3-uvloop python_has uvloop
      ;;
  esac
}

# need JOB ...: what those jobs need is installed when this returns
need() {
  for job; do wants_for "$job"; done
  [ -z "$snaps" ] || fail "on Ubuntu these are snaps, which cannot be driven from here:$snaps: install the" \
    "packages of Google and Mozilla, or set SPINDLE_CHROMIUM and SPINDLE_FIREFOX to programs"
  [ -n "$missing" ] || return 0
  has apt-get || fail "install these first (the names are Debian's):$missing"
  may_install || fail "install these first, as root: apt-get install$missing"
  say "installing$missing"
  # shellcheck disable=SC2086 # a list of words
  logged apt 'installing failed' apt_install $missing
  missing=
  for job; do wants_for "$job"; done
  case "$missing " in *' emscripten '*) emscripten_is_there || exit 1 ;; esac
  [ -z "$missing" ] || fail "installed, but too old here, or an older one comes first in PATH:$missing"
}

# want JOB: what that job can do without is installed where that is possible, and named where not
want() {
  snaps=
  wants_for "$1"
  [ -z "$snaps" ] || say "without these, which are snaps here:$snaps"
  [ -n "$missing" ] || return 0
  if has apt-get && may_install; then
    say "installing$missing"
    mkdir -p "$log"
    # shellcheck disable=SC2086 # a list of words
    apt_install $missing >"$log/apt" 2>&1 </dev/null || each_alone $missing >>"$log/apt" 2>&1
    missing=
    wants_for "$1"
  fi
  [ -z "$missing" ] || say "without these packages:$missing"
  missing=
}
each_alone() { for name; do apt_install_only "$name" </dev/null || :; done; }

# Whether packages can be installed; sets as_root.
may_install() {
  as_root=
  [ "$(id -u)" != 0 ] || return 0
  as_root='sudo -n' # asks for a password only where somebody can answer
  if [ -t 0 ] && [ -z "${CI:-}" ]; then as_root=sudo; fi
  { has sudo && $as_root true; } 2>/dev/null
}

apt_install() {
  apt update || say 'apt-get update failed; trying with the lists that are there'
  apt_install_only "$@"
}
apt_install_only() {
  apt -o Dpkg::Options::=--force-confold install --no-install-recommends "$@"
}
# shellcheck disable=SC2086 # $as_root is two words or none
apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"
}

# --- npm packages: exactly those of a folder's lock file ---

# need_modules [FOLDER]: one that is optional is needed if it is for this machine
need_modules() (
  cd "$root/${1:-.}" || exit
  node -e '
    const read = (file) => JSON.parse(fs.readFileSync(file)).packages;
    const locked = read("package-lock.json");
    const there = read("node_modules/.package-lock.json");
    const isForThis = ({ os, cpu, libc }) =>
      os && cpu && !libc && [os].flat().includes(process.platform) && [cpu].flat().includes(process.arch);
    for (const [path, wanted] of Object.entries(locked)) {
      const found = there[path];
      const needed = !wanted.optional || isForThis(wanted);
      if (path && (found ? found.version !== wanted.version : needed)) process.exit(1);
    }' 2>/dev/null && return
  say "installing npm packages"
  logged npm 'npm ci failed' npm ci --ignore-scripts --no-audit --no-fund
)
