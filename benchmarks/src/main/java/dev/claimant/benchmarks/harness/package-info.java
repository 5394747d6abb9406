/**
 * Compares contenders at one source. This process fills the source, starts each contender in a process of its own, and measures from
 * outside; a new source implements {@link dev.claimant.benchmarks.harness.Arena} and, for each contender,
 * {@link dev.claimant.benchmarks.harness.Contender} and {@link dev.claimant.benchmarks.harness.Program}.
 */
@NullMarked
package dev.claimant.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
