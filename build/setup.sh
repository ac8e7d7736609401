#!/usr/bin/env bash
# Makes sure that this machine has what a step needs, and installs what is
# missing (Debian and Ubuntu, as root or through sudo). What is there already
# is left alone.
#
#   build/setup.sh toolchain   Go, Node, npm: checked, not installed
#   build/setup.sh compiler    a C compiler: checked, not installed
#   build/setup.sh webview     what the desktop window is built with
#   build/setup.sh screen      a display without a screen, and a hand for it
#   build/setup.sh browser     a Chromium; its path is printed
#   build/setup.sh apache      Apache's server with mod_auth_openidc; no service is started
#   build/setup.sh postgres    PostgreSQL; the folder of its programs is printed, no service is started
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
has() { type -P "$1" >/dev/null; }

# as_root runs a command with the rights to install packages. Where nobody can
# type a password, none is asked for.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif ! has sudo; then return 1
  elif [ -t 0 ]; then sudo "$@"
  else sudo -n "$@"
  fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >&2; }

# install takes package names; the lists of packages are refreshed only when
# what they say cannot be had.
install() {
  say "Installing $*"
  if has apt-get; then
    apt install -y --no-install-recommends "$@" 2>/dev/null && return
    apt update && apt install -y --no-install-recommends "$@" && return
  fi
  say "Could not install it. On Debian and Ubuntu, as root: apt-get install $*"
  return 1
}

# at_least A B: version A is B or later.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

need() { # NAME VERSION-FOUND VERSION-NEEDED WHERE
  [ -n "$2" ] || { say "$1 is missing: install $1 $3 or later ($4)."; exit 1; }
  at_least "$2" "$3" || { say "$1 is $2 here: $3 or later is needed ($4)."; exit 1; }
}

toolchain() {
  # Go 1.21 and later fetch the version that go.mod names by themselves.
  need Go "$(go env GOVERSION 2>/dev/null | sed 's/^go//')" 1.21 https://go.dev/dl
  need Node "$(node --version 2>/dev/null | sed 's/^v//')" 20.19 https://nodejs.org
  has npm || { say "npm is missing: it comes with Node (https://nodejs.org)."; exit 1; }
}

compiler() {
  has "${CC:-cc}" || has gcc || has clang || { say "A C compiler is missing: on Debian and Ubuntu, apt-get install gcc libc6-dev."; exit 1; }
}

webview() {
  compiler
  pkg-config --exists gtk+-3.0 webkit2gtk-4.1 2>/dev/null || install pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev
}

screen() {
  has Xvfb || install xvfb
  has xdotool || install xdotool
}

# found prints the path of a Chromium, if there is one.
found() {
  local name
  for name in "${CHROMIUM:-}" chromium google-chrome-stable google-chrome; do
    if [ -n "$name" ] && type -P "$name"; then return; fi
  done
  # The one that Playwright keeps for itself.
  name=$(cd frontend && node -e 'console.log(require("@playwright/test").chromium.executablePath())' 2>/dev/null || true)
  if [ -x "$name" ]; then echo "$name"; else return 1; fi
}

browser() {
  found && return
  # Ubuntu packages no Chromium; there Playwright's own build stands in.
  install chromium || (cd frontend && as_root env "PATH=$PATH" npx playwright install-deps chromium >&2 && npx playwright install chromium >&2)
  found
}

# The package apache2-bin is the program alone: nothing is started by it.
apache() {
  [ -x /usr/sbin/apache2 ] && [ -e /usr/lib/apache2/modules/mod_auth_openidc.so ] || install apache2-bin libapache2-mod-auth-openidc
}

# postgres_programs prints the folder of the latest PostgreSQL, if there is one.
postgres_programs() {
  local dir
  dir=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  if [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then echo "$dir"; else return 1; fi
}

# Debian's package makes a database and starts it, unless it is told not to.
postgres() {
  postgres_programs && return
  local quiet=/etc/postgresql-common/createcluster.d/authflow-tests.conf
  as_root mkdir -p "${quiet%/*}"
  echo 'create_main_cluster = false' | as_root tee "$quiet" >/dev/null
  install postgresql
  as_root rm -f "$quiet"
  postgres_programs
}

[ $# -gt 0 ] || { sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2; }
for what in "$@"; do
  case $what in
    toolchain | compiler | webview | screen | browser | apache | postgres) "$what" ;;
    *) say "build/setup.sh: nothing is called $what"; exit 2 ;;
  esac
done
