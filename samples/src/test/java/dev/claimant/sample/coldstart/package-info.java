/** {@code bin/coldstart}: a measurement, not a test. */
@NullMarked
package dev.claimant.sample.coldstart;

import org.jspecify.annotations.NullMarked;
