# Sourced by the scripts in bin/: how they speak, stop, and install what is missing.

say() { printf '== %s\n' "$*" >&2; }

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# run_step TITLE COMMAND...: says what starts and how long it took; stops the script when it fails.
run_step() {
  local title=$1 began=$SECONDS
  shift
  say "$title"
  "$@" || fail "$title: FAILED after $((SECONDS - began)) s"
  say "$title: passed in $((SECONDS - began)) s"
}

# as_root COMMAND...: asks for no password; a script that waits for one hangs where nobody reads it.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

can_be_root() { [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; }

# install_packages PACKAGE...
install_packages() {
  command -v apt-get >/dev/null || fail "please install: $* (by these names in Debian and Ubuntu; there is no apt-get here)"
  can_be_root || fail "please run: sudo apt-get install $* (this script is not root and sudo asks for a password)"
  say "installing with apt-get: $*"
  refresh_package_lists
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null ||
    fail "apt-get could not install: $*"
}

refresh_package_lists() {
  [ -z "${package_lists_fresh-}" ] || return 0
  as_root apt-get update -qq || fail "apt-get update failed"
  package_lists_fresh=yes
}

# ensure_command COMMAND PACKAGE
ensure_command() { command -v "$1" >/dev/null || install_packages "$2"; }
