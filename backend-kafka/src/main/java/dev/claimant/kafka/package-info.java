/** Claims messages of Kafka topics, as a member of a consumer group. */
@NullMarked
package dev.claimant.kafka;

import org.jspecify.annotations.NullMarked;
