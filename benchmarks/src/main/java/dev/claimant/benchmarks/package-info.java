/** What the engine and the sources cost. */
@NullMarked
package dev.claimant.benchmarks;

import org.jspecify.annotations.NullMarked;
