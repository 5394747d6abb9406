/** {@code bin/upgrade}: a rehearsal with an older version of the worker, not a test. */
@NullMarked
package dev.claimant.sample.upgrade;

import org.jspecify.annotations.NullMarked;
