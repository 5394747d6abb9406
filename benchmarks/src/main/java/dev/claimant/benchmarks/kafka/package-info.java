/** Who works off a Kafka topic, and how fast. */
@NullMarked
package dev.claimant.benchmarks.kafka;

import org.jspecify.annotations.NullMarked;
