# Sourced by the scripts in bin/: finds JDKs, installs one where there is none, and runs Maven. Needs common.sh.

oldest_java=17

# java_major HOME: prints the feature version of the JDK there; fails where there is none.
java_major() {
  local version
  [ -x "$1/bin/java" ] && version=$("$1/bin/javac" -version 2>/dev/null) || return 1
  version=${version#javac }
  printf '%s\n' "${version%%[!0-9]*}"
}

is_usable_jdk() {
  local major
  major=$(java_major "$1") && [ "$major" -ge "$oldest_java" ]
}

# find_jdks: prints "MAJOR HOME" of every usable JDK in the usual places, oldest first.
find_jdks() {
  local home
  for home in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/* /opt/java/* "$HOME"/.sdkman/candidates/java/*; do
    if is_usable_jdk "$home"; then
      printf '%s %s\n' "$(java_major "$home")" "$(readlink -f "$home")"
    fi
  done | sort -k1,1n -k2 -u
}

# ensure_java: exports JAVA_HOME: as it is set, else the JDK on the PATH, else the oldest that serves, else a new one.
ensure_java() {
  local on_path
  if [ -n "${JAVA_HOME-}" ] && ! is_usable_jdk "$JAVA_HOME"; then
    say "JAVA_HOME=$JAVA_HOME is no JDK $oldest_java or newer: looking for another"
    unset JAVA_HOME
  fi
  if [ -z "${JAVA_HOME-}" ] && on_path=$(command -v javac); then
    on_path=$(readlink -f "$on_path")
    JAVA_HOME=${on_path%/bin/javac}
    is_usable_jdk "$JAVA_HOME" || unset JAVA_HOME
  fi
  [ -n "${JAVA_HOME-}" ] || JAVA_HOME=$(oldest_jdk)
  [ -n "$JAVA_HOME" ] || install_java
  export JAVA_HOME PATH="$JAVA_HOME/bin:$PATH"
}

oldest_jdk() { find_jdks | sed -n '1s/^[0-9]* //p'; }

install_java() {
  local package
  ready_to_install "a JDK $oldest_java or newer, or set JAVA_HOME to one"
  for package in openjdk-{17,21,25}-jdk-headless; do
    [ -n "$(apt-cache madison "$package")" ] || continue
    install_packages "$package" ca-certificates
    JAVA_HOME=$(oldest_jdk)
    [ -n "$JAVA_HOME" ] || fail "$package is installed but no JDK is found under /usr/lib/jvm"
    return
  done
  fail "apt-get knows no JDK $oldest_java or newer: please install one and set JAVA_HOME"
}

# other_jdk: prints the home of the newest JDK besides JAVA_HOME's version; of the oldest where JAVA_HOME's is the newest.
other_jdk() {
  local mine newest
  mine=$(java_major "$JAVA_HOME")
  newest=$(find_jdks | sed -n '$s/ .*//p')
  if [ "$newest" != "$mine" ]; then
    find_jdks | sed -n '$s/^[0-9]* //p'
  else
    find_jdks | sed -n "/^$mine /!{s/^[0-9]* //p;q}"
  fi
}

describe_jdk() { "$1/bin/java" -version 2>&1 | sed -n 2p | sed "s|\$| in $1|"; }

# ensure_maven: the wrapper, or an installed Maven where the wrapper cannot fetch its own.
ensure_maven() {
  command -v wget >/dev/null || ensure_command curl curl
  maven=./mvnw
  if ! ./mvnw --version >/dev/null; then
    say "the Maven wrapper cannot fetch its Maven: using the installed one"
    ensure_command mvn maven
    maven=mvn
  fi
}

# maven ARGUMENT...: after ensure_java and ensure_maven, in the repository's root.
maven() { "$maven" --batch-mode --no-transfer-progress "$@" </dev/null; }
