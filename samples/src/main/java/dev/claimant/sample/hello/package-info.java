/** Greetings from a RabbitMQ queue: the sample's work where SOURCE=rabbitmq. */
@NullMarked
package dev.claimant.sample.hello;

import org.jspecify.annotations.NullMarked;
