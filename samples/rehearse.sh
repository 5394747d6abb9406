#!/usr/bin/env bash
# Writes the archive of class data with which pods start: a Job works on one clap of a real server, with TLS and a password, so that all that
# a pod's start reads of classes is in it. For the image's build: PostgreSQL's programs are on the PATH, and the caller is not root.
# Usage: rehearse.sh JAR ARCHIVE [CERTIFICATE KEY]
set -euo pipefail

jar=$1
archive=$2
certificate=${3:-/etc/ssl/certs/ssl-cert-snakeoil.pem}
key=${4:-/etc/ssl/private/ssl-cert-snakeoil.key}
port=${REHEARSAL_PORT:-54329}
data=$(mktemp -d)
trap 'pg_ctl -D "$data" -m immediate stop >/dev/null || true; rm -rf "$data"' EXIT

initdb -D "$data" -U rehearsal -A scram-sha-256 --pwfile=<(echo rehearsal) >/dev/null
pg_ctl -D "$data" -l "$data/log" -w -o "-p $port -k $data -c listen_addresses=127.0.0.1 -c ssl=on -c ssl_cert_file=$certificate \
  -c ssl_key_file=$key" start >/dev/null || { cat "$data/log" >&2; exit 1; }

export SOURCE=postgres PGHOST=127.0.0.1 PGPORT=$port PGDATABASE=postgres PGUSER=rehearsal PGPASSWORD=rehearsal PGSSLMODE=require
java -jar "$jar" migrate
java -jar "$jar" send 1 0
java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:ArchiveClassesAtExit="$archive" -Xlog:cds=off -jar "$jar" job
[ -s "$archive" ] || { echo "no archive was written" >&2; exit 1; }
