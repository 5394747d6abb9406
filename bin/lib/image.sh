# Sourced by bin/image: what the image is made of where no registry is in reach, and its check. Needs common.sh, java.sh
# and sample.sh.

# make_parts: three images from Debian's packages and a JDK of this machine; what is there already is kept.
make_parts() {
  can_be_root || fail "debootstrap must run as root (and sudo asks for a password)"
  ensure_command debootstrap debootstrap
  make_part claimant-part-base tini,ca-certificates
  make_part claimant-part-postgres tini,ca-certificates,postgresql,ssl-cert
  if ! docker image inspect claimant-part-jdk >/dev/null 2>&1; then
    local jdk copy
    jdk=$(find_jdks | sed -n '$s/^[0-9]* //p')
    copy=$(mktemp -d)
    say "JDK of the image: $(describe_jdk "$jdk")"
    cp -rL "$jdk/." "$copy" # Debian's JDKs have links to outside
    printf 'FROM claimant-part-base\nCOPY . /opt/jdk\nENV PATH=/opt/jdk/bin:$PATH\n' |
      docker build -q -t claimant-part-jdk -f - "$copy" >/dev/null 2>&1 || fail "no image of $jdk could be made"
    rm -rf "$copy"
  fi
}

# make_part IMAGE PACKAGE,...
make_part() {
  ! docker image inspect "$1" >/dev/null 2>&1 || return 0
  local root
  root=$(mktemp -d)
  say "making $1 (about a minute)"
  as_root debootstrap --variant=minbase --include="$2" bookworm "$root" >"$root.log" 2>&1 || { tail "$root.log" >&2; fail "debootstrap failed"; }
  as_root tar -C "$root" --exclude=./var/cache/apt --exclude=./var/lib/apt/lists -c . | docker import - "$1" >/dev/null
  as_root rm -rf "$root" "$root.log"
}

# check_image IMAGE REHEARSAL: its commands as an arbitrary user on a read-only file system, with a real server of every source; the signals.
check_image() {
  local image=$1 port=54330 source
  server=$(docker run -d --rm --network host --user postgres --entrypoint bash "$2" -c '
    export PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
    initdb -D /tmp/data -U claimant -A scram-sha-256 --pwfile=<(echo claimant) >/dev/null
    exec postgres -D /tmp/data -p '$port' -k /tmp -c listen_addresses=127.0.0.1 -c ssl=on \
      -c ssl_cert_file=/etc/ssl/certs/ssl-cert-snakeoil.pem -c ssl_key_file=/etc/ssl/private/ssl-cert-snakeoil.key')
  trap 'docker kill "$server" >/dev/null 2>&1 || true' EXIT
  options=(--memory 128m -e SOURCE=postgres -e PGHOST=127.0.0.1 -e PGPORT="$port"
    -e PGDATABASE=postgres -e PGUSER=claimant -e PGPASSWORD=claimant -e PGSSLMODE=require)
  for _ in $(seq 60); do
    ! run_image --rm "$image" migrate >/dev/null 2>&1 || break
    sleep 1
  done
  check_source postgres "$image"
  check_early_signals "$image"
  expect "a Job without a server" 75 run_image --rm -e PGPORT=1 -e PGCONNECT_TIMEOUT=2 "$image" job
  docker kill "$server" >/dev/null

  for source in rabbitmq sqs kafka servicebus; do
    start_server "$source"
    options=(--memory 128m --env-file "$folder/environment")
    # as in deploy/kafka
    [ "$source" != kafka ] || options+=(--memory 320m -e JDK_JAVA_OPTIONS=-XX:MaxRAMPercentage=50)
    check_source "$source" "$image"
    exec {server_input}>&-
    wait "$server_pid" || true
  done
}

run_image() { docker run --network host --user 123456:0 --read-only --tmpfs /tmp "${options[@]}" "$@"; }

# start_server SOURCE: the one of the demos and tests, in a process of this machine; it ends with its standard input.
start_server() {
  folder=$(mktemp -d)
  mkfifo "$folder/input"
  "$JAVA_HOME/bin/java" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "samples/target/test-classes:$sample_jar:samples/target/lib-test/*" \
    dev.claimant.sample.ServerMain "$1" <"$folder/input" >"$folder/output" 2>"$folder/errors" &
  server_pid=$!
  exec {server_input}>"$folder/input"
  for _ in $(seq 180); do
    ! grep -q '^$' "$folder/output" || break
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 1
  done
  grep -q '^$' "$folder/output" || { cat "$folder/errors" >&2; fail "no server for $1"; }
  # what the tests' own helpers print comes before
  sed -n '/^SOURCE=/,/^$/p' "$folder/output" | sed '/^$/d' >"$folder/environment"
}

# check_source SOURCE IMAGE: three pieces of work, one for a Job and two for a worker.
check_source() {
  local backlog
  run_image --rm "$2" send 3 0 >/dev/null 2>&1 || fail "$1: send failed"
  expect "$1: a Job works on one" 0 run_image --rm "$2" job
  # RabbitMQ's management API is up to five seconds late
  for _ in $(seq 30); do
    backlog=$(run_image --rm "$2" backlog 2>&1 || true)
    ! grep -q '^scaler=2 ' <<<"$backlog" || break
    sleep 1
  done
  grep -q '^scaler=2 ' <<<"$backlog" || fail "$1: backlog is not 2: $backlog"
  say "  $1: backlog: scaler=2"
  check_worker "$1" "$2"
}

# expect WHAT STATUS COMMAND...
expect() {
  local what=$1 wanted=$2 status=0 log
  shift 2
  log=$(mktemp)
  "$@" >"$log" 2>&1 || status=$?
  [ "$status" = "$wanted" ] || { cat "$log" >&2; fail "$what: exit $status, not $wanted"; }
  rm "$log"
  say "  $what: exit $status"
}

has_completed_two() { grep -q '^claimant_settled_messages_total{.*"complete".* 2' <<<"$1"; }

check_worker() {
  local worker metrics=
  worker=$(run_image -d -e CLAIMANT_MANAGEMENT_PORT=18080 "$2" worker)
  for _ in $(seq 60); do
    metrics=$(curl -fs http://127.0.0.1:18080/metrics || true)
    ! has_completed_two "$metrics" || break
    sleep 1
  done
  curl -fs http://127.0.0.1:18080/livez >/dev/null || { docker logs "$worker" >&2; fail "$1: /livez does not answer"; }
  has_completed_two "$metrics" || { docker logs "$worker" >&2; fail "$1: /metrics does not tell of two completed messages"; }
  say "  $1: a worker: $(grep -c '^claimant_' <<<"$metrics") lines of /metrics"
  docker stop -t 40 "$worker" >/dev/null
  [ "$(docker inspect -f '{{.State.ExitCode}}' "$worker")" = 0 ] || { docker logs "$worker" >&2; fail "$1: the worker did not end with 0 after SIGTERM"; }
  docker rm "$worker" >/dev/null
  say "  $1: a worker after SIGTERM: exit 0"
}

# A SIGTERM in the JVM's first moments must end the container, not wait for the grace period's SIGKILL.
check_early_signals() {
  local worker code
  for _ in 1 2 3 4 5; do
    worker=$(run_image -d "$1" worker)
    docker kill -s TERM "$worker" >/dev/null
    timeout 20 docker wait "$worker" >/dev/null || fail "a SIGTERM right after the start was lost"
    code=$(docker inspect -f '{{.State.ExitCode}}' "$worker")
    docker rm "$worker" >/dev/null
    [ "$code" = 143 ] || [ "$code" = 0 ] || fail "a SIGTERM right after the start: exit $code"
  done
  say "  five SIGTERMs right after the start: none is lost"
}
