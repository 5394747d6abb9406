/** A server that speaks the protocol of Azure Service Bus, for tests: it keeps everything in memory, on one thread. */
@NullMarked
package dev.claimant.servicebusserver;

import org.jspecify.annotations.NullMarked;
