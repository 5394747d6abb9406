/** Claims messages of a RabbitMQ queue. */
@NullMarked
package dev.claimant.rabbitmq;

import org.jspecify.annotations.NullMarked;
