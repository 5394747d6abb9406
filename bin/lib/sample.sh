# Sourced by the scripts in bin/: builds the sample worker. Needs common.sh and java.sh.

sample_jar=samples/target/claimant-samples.jar

# is_built FILE FOLDER: whether FILE is there and newer than every POM and every source in the modules' FOLDER.
is_built() {
  local module sources=(pom.xml deploy/chart/files)
  for module in core backend-* servicebus-server samples; do
    sources+=("$module/pom.xml" "$module/$2")
  done
  [ -e "$1" ] && [ -z "$(find "${sources[@]}" -newer "$1" -print -quit 2>/dev/null)" ]
}

# build_sample: after ensure_java; compiles the main code alone, without guards. Does nothing where nothing has changed.
build_sample() {
  if is_built "$sample_jar" src/main && [ -d samples/target/lib-demo ]; then
    return 0
  fi
  ensure_maven
  say "building the sample worker (Maven downloads its plugins, the libraries and a PostgreSQL server: about 105 MB the first time)"
  build_quietly -Pquick,main-only
}

# build_sample_with PROFILE JAR WHAT: the same, with what this Maven profile adds to the demo's libraries, a JAR among it.
build_sample_with() {
  if is_built "$sample_jar" src/main && compgen -G "samples/target/lib-demo/$2-*.jar" >/dev/null; then
    return 0
  fi
  ensure_maven
  say "building the sample worker (Maven downloads what bin/demo needs, about 105 MB the first time, and $3)"
  build_quietly "-Pquick,main-only,$1"
}

# build_sample_and_tests: the same, with the tests' classes. The folder of these is there without them: resources are copied into it.
build_sample_and_tests() {
  build_sample
  ! is_built samples/target/tests-built src || return 0
  ensure_maven
  say "building the sample worker and its tests"
  build_quietly -Pquick -DskipTests
  touch samples/target/tests-built
}

# build_sample_and_test_libraries: the same, with the libraries of the tests in samples/target/lib-test.
build_sample_and_test_libraries() {
  ! { is_built samples/target/test-classes src && [ -d samples/target/lib-test ]; } || return 0
  ensure_maven
  say "building the sample worker and its tests, whose broker the demo starts"
  build_quietly -Pquick,demo-tests -DskipTests
}

# build_servers: the same, with Kafka's broker among them: a server of every source.
build_servers() {
  ! { is_built samples/target/test-classes src && compgen -G "samples/target/lib-test/kafka_2.13-*.jar" >/dev/null; } || return 0
  ensure_maven
  say "building the sample worker, its tests, and the servers of all sources (Maven downloads about 200 MB the first time)"
  build_quietly -Pquick,demo-tests,demo-kafka -DskipTests
}

# build_quietly ARGUMENT...: shows a line for each module; all of Maven's own words where it fails.
build_quietly() {
  local began=$SECONDS log
  log=$(mktemp)
  maven "$@" -pl samples -am package | tee "$log" | sed -un 's/^\[INFO\] Building \(Claimant.*\) [0-9].*\(\[.*\]\)$/   \2 \1/p' >&2 ||
    { cat "$log" >&2; rm "$log"; fail "the build failed"; }
  rm "$log"
  say "built in $((SECONDS - began)) s"
}
