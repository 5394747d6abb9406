/** Stands in for a cluster on one machine: pods are processes, and {@link dev.claimant.sample.keda} decides how many there are. */
@NullMarked
package dev.claimant.sample.cluster;

import org.jspecify.annotations.NullMarked;
