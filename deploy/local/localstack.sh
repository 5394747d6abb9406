#!/usr/bin/env bash
# LocalStack runs it when it is ready: the queues of deploy/sqs.
set -euo pipefail
awslocal sqs create-queue --region eu-west-1 --queue-name hello-dead --attributes MessageRetentionPeriod=1209600
awslocal sqs create-queue --region eu-west-1 --queue-name hello --attributes \
  '{"RedrivePolicy": "{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:000000000000:hello-dead\",\"maxReceiveCount\":\"100\"}"}'
