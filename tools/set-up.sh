# shellcheck shell=sh
# shellcheck disable=SC2154 # root and log come from run
# Part of ./run: installs what a command needs and what is not there. Nothing here runs apt-get or npm
# where all is installed.

# --- packages: their names are Debian's, and each is missing where its check fails ---

missing=
wants() {
  case "$missing " in *" $1 "*) return ;; esac
  package=$1
  shift
  "$@" >/dev/null 2>&1 || missing="$missing $package"
}
compiles() { echo '#include <stdlib.h>' | "$@" -fsyntax-only -; }
has_any() { for name; do has "$name" && return; done; }
node_is_new() { node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)'; }
# shellcheck source=/dev/null
emscripten_is_there() { (. "$root/emsdk.env"); }

wants_for() {
  case $1 in
    native*)
      wants cmake has cmake
      wants make has make
      wants gcc has cc
      wants libc6-dev compiles cc -x c
      wants pkg-config has pkg-config
      wants libuv1-dev pkg-config --exists 'libuv >= 1.44'
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
    browser) wants chromium has_any "${SPINDLE_CHROMIUM:-chromium}" chromium-browser google-chrome ;;
    tests)
      wants gcc has gcc
      wants g++ compiles g++ -x c++
      wants clang has clang
      wants clang-format has clang-format
      wants clang-tidy has clang-tidy
      wants shellcheck has shellcheck
      wants python3 has python3
      wants valgrind has valgrind
      wants firefox-esr has_any "${SPINDLE_FIREFOX:-firefox-esr}" firefox
      wants gcc-aarch64-linux-gnu has aarch64-linux-gnu-gcc
      wants libc6-dev-arm64-cross compiles aarch64-linux-gnu-gcc -x c
      wants qemu-user has qemu-aarch64
      ;;
  esac
}

# need JOB ...: what those jobs need is installed when this returns
need() {
  for job; do wants_for "$job"; done
  [ -n "$missing" ] || return 0
  has apt-get || fail "install these first (the names are Debian's):$missing"
  as_root=
  if [ "$(id -u)" != 0 ]; then
    as_root='sudo -n' # asks for a password only where somebody can answer
    if [ -t 0 ] && [ -z "${CI:-}" ]; then as_root=sudo; fi
    { has sudo && $as_root true; } 2>/dev/null || fail "install these first, as root: apt-get install$missing"
  fi
  say "installing$missing"
  # shellcheck disable=SC2086 # a list of words
  logged apt 'installing failed' apt_install $missing
  missing=
  for job; do wants_for "$job"; done
  case "$missing " in *' emscripten '*) emscripten_is_there || exit 1 ;; esac
  [ -z "$missing" ] || fail "installed, but an older one seems to come first in PATH:$missing"
}

# shellcheck disable=SC2086 # $as_root is two words or none
apt_install() {
  apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300"
  $apt update || say 'apt-get update failed; trying with the lists that are there'
  $apt -o Dpkg::Options::=--force-confold install --no-install-recommends "$@"
}

# --- npm packages: exactly those of the lock file ---

need_modules() (
  cd "$root" || exit
  node -e '
    const read = (file) => JSON.parse(fs.readFileSync(file)).packages;
    const locked = read("package-lock.json");
    const there = read("node_modules/.package-lock.json");
    for (const [path, { version, optional }] of Object.entries(locked)) {
      const found = there[path];
      if (path && (found ? found.version !== version : !optional)) process.exit(1);
    }' 2>/dev/null && return
  say 'installing npm packages'
  logged npm 'npm ci failed' npm ci --ignore-scripts --no-audit --no-fund
)
