/** Metrics of a worker, for Micrometer. The only package that needs Micrometer on the class path. */
@NullMarked
package dev.claimant.micrometer;

import org.jspecify.annotations.NullMarked;
