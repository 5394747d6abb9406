# Sourced by the scripts in bin/: builds the sample worker. Needs common.sh and java.sh.

sample_jar=samples/target/claimant-samples.jar

# is_sample_built: whether no source is newer than the jar.
is_sample_built() {
  [ -f "$sample_jar" ] && [ -d samples/target/lib-demo ] &&
    [ -z "$(find pom.xml {core,backend-postgres,backend-rabbitmq}/{pom.xml,src/main} samples/{pom.xml,src} -newer "$sample_jar" -print -quit)" ]
}

# build_sample: after ensure_java; does nothing where nothing has changed.
build_sample() {
  ! is_sample_built || return 0
  ensure_maven
  say "building the sample worker; the first time this also downloads what it is built with"
  maven -q -Dspotless.check.skip=true -DskipTests -pl samples -am package || fail "the build failed"
}
