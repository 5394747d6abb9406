# Sourced by bin/image: what the image is made of where no registry is in reach, and its check. Needs common.sh and java.sh.

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

# check_image IMAGE REHEARSAL: its commands as an arbitrary user on a read-only file system, the signals, and /metrics.
check_image() {
  local image=$1 port=54330 server status
  server=$(docker run -d --rm --network host --user postgres --entrypoint bash "$2" -c '
    export PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
    initdb -D /tmp/data -U claimant -A scram-sha-256 --pwfile=<(echo claimant) >/dev/null
    exec postgres -D /tmp/data -p '$port' -k /tmp -c listen_addresses=127.0.0.1 -c ssl=on \
      -c ssl_cert_file=/etc/ssl/certs/ssl-cert-snakeoil.pem -c ssl_key_file=/etc/ssl/private/ssl-cert-snakeoil.key')
  # shellcheck disable=SC2064 # the name as it is now
  trap "docker kill $server >/dev/null 2>&1 || true" EXIT
  run_image() {
    docker run --network host --user 123456:0 --read-only --tmpfs /tmp --memory 128m -e SOURCE=postgres -e PGHOST=127.0.0.1 -e PGPORT=$port \
      -e PGDATABASE=postgres -e PGUSER=claimant -e PGPASSWORD=claimant -e PGSSLMODE=require "$@"
  }
  for _ in $(seq 60); do
    ! run_image --rm "$image" migrate >/dev/null 2>&1 || break
    sleep 1
  done
  run_image --rm "$image" send 3 0
  expect "a Job works on one clap" 0 run_image --rm "$image" job
  run_image --rm "$image" backlog | grep -q '^scaler=2 ' || fail "backlog is not 2"
  say "  backlog: scaler=2"
  check_worker "$image"
  check_early_signals "$image"
  status=0
  run_image --rm -e PGPORT=1 -e PGCONNECT_TIMEOUT=2 "$image" job >/dev/null 2>&1 || status=$?
  [ "$status" = 75 ] || fail "a Job without a server ended with $status, not 75"
  say "  a Job without a server: exit 75"
}

# expect WHAT STATUS COMMAND...
expect() {
  local what=$1 wanted=$2 status=0
  shift 2
  "$@" >/dev/null 2>&1 || status=$?
  [ "$status" = "$wanted" ] || fail "$what: exit $status, not $wanted"
  say "  $what: exit $status"
}

has_completed_two() { grep -q '^claimant_settled_messages_total{.*"complete".* 2' <<<"$1"; }

check_worker() {
  local worker metrics=
  worker=$(run_image -d -e CLAIMANT_MANAGEMENT_PORT=18080 "$1" worker)
  for _ in $(seq 60); do
    metrics=$(curl -fs http://127.0.0.1:18080/metrics || true)
    ! has_completed_two "$metrics" || break
    sleep 1
  done
  curl -fs http://127.0.0.1:18080/livez >/dev/null || { docker logs "$worker" >&2; fail "/livez does not answer"; }
  has_completed_two "$metrics" || fail "/metrics does not tell of two completed claps"
  say "  a worker: $(grep -c '^claimant_' <<<"$metrics") lines of /metrics"
  docker stop -t 30 "$worker" >/dev/null
  [ "$(docker inspect -f '{{.State.ExitCode}}' "$worker")" = 0 ] || fail "the worker did not end with 0 after SIGTERM"
  docker rm "$worker" >/dev/null
  say "  a worker after SIGTERM: exit 0"
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
