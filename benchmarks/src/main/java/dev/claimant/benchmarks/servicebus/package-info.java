/** Who works off a Service Bus queue, and how fast. */
@NullMarked
package dev.claimant.benchmarks.servicebus;

import org.jspecify.annotations.NullMarked;
