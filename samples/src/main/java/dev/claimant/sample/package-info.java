/** One sample worker for every source. */
@NullMarked
package dev.claimant.sample;

import org.jspecify.annotations.NullMarked;
