# Sourced by the scripts in bin/: the brokers that tests need and Maven cannot bring. Needs common.sh.

# ensure_rabbitmq: nothing to do where an address or a container is to be used, or a server is installed.
ensure_rabbitmq() {
  [ -z "${CLAIMANT_RABBITMQ_URL-}" ] && [ "${CLAIMANT_BROKERS-}" != docker ] || return 0
  [ ! -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || return 0
  ! docker image inspect rabbitmq:4-management >/dev/null 2>&1 || return 0
  local policy=/usr/sbin/policy-rc.d
  if [ -e "$policy" ]; then
    install_packages rabbitmq-server
    return
  fi
  # The tests start a node of their own; the package's service would only take its ports. 101: not allowed to start.
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
  as_root chmod +x "$policy"
  install_packages rabbitmq-server
  as_root rm -f "$policy"
}
