/**
 * {@code claimant-sample local}: a ScaledJob or ScaledObject at work on this machine, without a cluster. KEDA's arithmetic is that of
 * {@link dev.claimant.sample.keda}, pods are processes as in {@link dev.claimant.sample.cluster}; the source is the user's own.
 */
@NullMarked
package dev.claimant.sample.local;

import org.jspecify.annotations.NullMarked;
