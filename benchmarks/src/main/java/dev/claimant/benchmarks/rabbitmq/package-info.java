/** Who works off a queue of RabbitMQ, and how fast. */
@NullMarked
package dev.claimant.benchmarks.rabbitmq;

import org.jspecify.annotations.NullMarked;
