/** Who works off an SQS queue, and how fast. */
@NullMarked
package dev.claimant.benchmarks.sqs;

import org.jspecify.annotations.NullMarked;
