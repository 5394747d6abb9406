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

# ready_to_install WHAT: stops where this script may not install, else makes apt's lists current, once.
ready_to_install() {
  [ -z "${package_lists_fresh-}" ] || return 0
  command -v apt-get >/dev/null || fail "please install $1 (there is no apt-get here)"
  can_be_root || fail "please install $1 (this script is not root and may not use sudo without a password)"
  as_root apt-get update -qq || fail "apt-get update failed; $1 is still to be installed"
  package_lists_fresh=yes
}

# install_packages PACKAGE...
install_packages() {
  ready_to_install "$*"
  say "installing with apt-get: $*"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null ||
    fail "apt-get could not install: $*"
}

# ensure_command COMMAND PACKAGE
ensure_command() { command -v "$1" >/dev/null || install_packages "$2"; }
