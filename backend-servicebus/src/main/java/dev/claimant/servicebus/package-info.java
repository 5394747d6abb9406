/** Claims messages of Azure Service Bus queues and subscriptions. */
@NullMarked
package dev.claimant.servicebus;

import org.jspecify.annotations.NullMarked;
