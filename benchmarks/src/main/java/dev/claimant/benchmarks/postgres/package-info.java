/** Who works off a queue in PostgreSQL, and how fast. */
@NullMarked
package dev.claimant.benchmarks.postgres;

import org.jspecify.annotations.NullMarked;
