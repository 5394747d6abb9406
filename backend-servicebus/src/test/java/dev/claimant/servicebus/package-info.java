@NullMarked
package dev.claimant.servicebus;

import org.jspecify.annotations.NullMarked;
