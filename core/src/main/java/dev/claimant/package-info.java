/** Workers for KEDA: claim, process, complete. */
@NullMarked
package dev.claimant;

import org.jspecify.annotations.NullMarked;
