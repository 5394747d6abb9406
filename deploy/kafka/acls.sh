#!/usr/bin/env bash
# The rights that the worker and KEDA need, given to users that exist: acls.sh BOOTSTRAP_SERVERS [COMMAND_CONFIG]
# WORKER, SCALER, PRODUCER, TOPIC, GROUP, DEAD and RETRIES (words, none by default) say for whom and for what; kafka-acls.sh must be on the PATH.
set -euo pipefail
servers=${1:?usage: acls.sh BOOTSTRAP_SERVERS [COMMAND_CONFIG]}
config=${2:+--command-config $2}
worker=User:${WORKER:-hello_worker} scaler=User:${SCALER:-hello_scaler} producer=User:${PRODUCER:-hello_producer}
topic=${TOPIC:-hello} group=${GROUP:-hello} dead=${DEAD:-hello.dead}
# shellcheck disable=SC2086 # the configuration is two words or none
allow() { kafka-acls.sh --bootstrap-server "$servers" $config --add --allow-principal "$@"; }

allow "$worker" --operation Read --operation Describe --topic "$topic"
allow "$worker" --operation Read --operation Describe --group "$group"
allow "$worker" --operation Write --operation Describe --topic "$dead"
for retry in ${RETRIES-}; do
  allow "$worker" --operation Read --operation Describe --group "$group-retry"
  allow "$scaler" --operation Describe --group "$group-retry"
  allow "$worker" --operation Read --operation Write --operation Describe --topic "$retry"
  allow "$scaler" --operation Describe --topic "$retry"
done
# optional: lets the worker read offset.metadata.max.bytes; without it, it takes the default of 4,096
# allow "$worker" --operation DescribeConfigs --cluster
allow "$producer" --operation Write --operation Describe --topic "$topic"
allow "$scaler" --operation Describe --topic "$topic"
allow "$scaler" --operation Describe --group "$group"
