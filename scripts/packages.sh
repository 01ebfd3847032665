#!/usr/bin/env bash
# Installs what is missing of the Debian packages named; quiet where all are there.
need_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local sudo=""
  [ "$(id -u)" -eq 0 ] || sudo=sudo
  echo "Installing ${missing[*]}"
  $sudo apt-get update -qq
  # No server that comes with a package may start by itself.
  DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
BUILD_PACKAGES=(g++ cmake ninja-build python3 libfmt-dev libexpected-dev libprotobuf-dev protobuf-compiler libcli11-dev
  nlohmann-json3-dev libssl-dev libsodium-dev libyaml-dev libzstd-dev zlib1g-dev libarchive-dev
  liblzma-dev libbz2-dev nettle-dev zstd)
TEST_PACKAGES=(libgtest-dev libgmock-dev python3 python3-jsonschema python3-yaml ca-certificates python3-venv etcd-server etcd-client gcovr chromium
  mandoc zsh fish pkg-config lintian dpkg-dev rpm jq sqlite3 skopeo)
PACKAGE_PACKAGES=(dpkg-dev rpm)
CLANG_PACKAGES=(clang-16)
ARM64_PACKAGES=(g++-aarch64-linux-gnu qemu-user-static)
BENCH_PACKAGES=(libbenchmark-dev python3 python3-venv ca-certificates)
