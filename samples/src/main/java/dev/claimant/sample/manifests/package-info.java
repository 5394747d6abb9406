/** {@code claimant-sample manifests}: the manifests of somebody's own worker, from five values. */
@NullMarked
package dev.claimant.sample.manifests;

import org.jspecify.annotations.NullMarked;
