#!/bin/sh
# Another processor's libraries in a folder: what the native build needs there, to compile against and, by
# qemu's -L, to run with. The packages are of this system's own suite; an apt with a state of its own
# fetches them, so that nothing of this system changes and nobody has to be root.
#   tools/sysroot.sh ARCHITECTURE FOLDER   the architecture is Debian's: arm64, i386, s390x
set -eu
architecture=$1 folder=$2
packages='libc6-dev libstdc++6 libuv1-dev libcurl4-openssl-dev zlib1g-dev libidn2-dev'

stamp=$(printf '%s\n' "$architecture" "$packages" && cat /etc/os-release)
[ "$(cat "$folder/stamp" 2>/dev/null)" != "$stamp" ] || exit 0

rm -rf "$folder"
mkdir -p "$folder/apt/lists/partial" "$folder/apt/archives/partial" "$folder/usr/lib"
folder=$(cd "$folder" && pwd)
ln -s usr/lib "$folder/lib"
: >"$folder/apt/status"

private_apt() {
  apt-get -q -y -o "APT::Architecture=$architecture" -o "APT::Architectures::=$architecture" \
    -o "Dir::State=$folder/apt" -o "Dir::State::status=$folder/apt/status" -o "Dir::Cache=$folder/apt" \
    -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=true -o APT::Install-Recommends=false \
    -o Acquire::Languages=none -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false "$@"
}
private_apt update || echo 'apt-get update failed; trying with the lists that came'
# shellcheck disable=SC2086 # a list of words
private_apt --download-only install $packages
for package in "$folder"/apt/archives/*.deb; do dpkg-deb -x "$package" "$folder"; done
rm -r "$folder/apt"
printf '%s\n' "$stamp" >"$folder/stamp"
